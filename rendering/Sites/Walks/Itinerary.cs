namespace Pipeline.Rendering.Sites.Walks;

/// <summary>Where somebody (or a group) goes, without gaps from its start to the end of the recording.</summary>
/// <param name="Stretches">In order; each starts when the one before ends.</param>
internal sealed record Itinerary(IReadOnlyList<Stretch> Stretches)
{
    /// <summary>Number of the stretch at a time, -1 before the first; after the last it is the last.</summary>
    public int At(double time)
    {
        (int low, int high) = (0, Stretches.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Stretches[middle].Start <= time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }
}
