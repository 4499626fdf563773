namespace Pipeline.Rendering.Sites.Walks;

/// <summary>Who sits where and when: one to a seat.</summary>
internal sealed class SeatBook
{
    private const double Between = 4; // seconds to get up and away
    private readonly List<(int Area, Vector2 Seat, double Start, double End)> _taken = [];

    /// <summary>Takes a seat unless somebody has it.</summary>
    public bool TryTake(int area, Vector2 seat, double start, double end)
    {
        if (_taken.Any(other => other.Area == area && other.Seat == seat && start < other.End + Between && other.Start < end + Between))
        {
            return false;
        }

        _taken.Add((area, seat, start, end));
        return true;
    }
}
