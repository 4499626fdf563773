namespace Pipeline.Samples.Subscriber;

/// <summary>The newest ids, so many of them.</summary>
internal sealed class SeenIds(int capacity)
{
    private readonly HashSet<string> _ids = [];
    private readonly Queue<string> _order = [];

    /// <summary>False if the id was seen.</summary>
    internal bool Add(string id)
    {
        if (!_ids.Add(id))
        {
            return false;
        }

        _order.Enqueue(id);
        if (_order.Count > capacity)
        {
            _ids.Remove(_order.Dequeue());
        }

        return true;
    }
}
