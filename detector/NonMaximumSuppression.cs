namespace Pipeline.Detector;

/// <summary>Greedy non-maximum suppression: of boxes that overlap too much only the best remains.</summary>
public static class NonMaximumSuppression
{
    /// <summary>
    /// Sorts detections, best score first, and removes each that overlaps a better kept one by more than <paramref name="iou"/>. Equal
    /// scores, which quantised models give often, keep the order in which they come. O(n log n + n x kept).
    /// </summary>
    /// <param name="detections">Sorted and thinned in place; boxes with area, finite values.</param>
    /// <param name="iou">Intersection over union, 0 to 1.</param>
    public static void Apply(List<Detection> detections, float iou)
    {
        ArgumentNullException.ThrowIfNull(detections);
        Detection[] sorted = [.. detections.OrderByDescending(detection => detection.Score)];
        int kept = 0;
        foreach (ref readonly Detection next in sorted.AsSpan())
        {
            if (!Overlaps(sorted.AsSpan(0, kept), next.Box, iou))
            {
                sorted[kept++] = next;
            }
        }

        detections.Clear();
        detections.AddRange(sorted.AsSpan(0, kept));
    }

    /// <summary>Best score first, ties by top, left, width, height: a total order, so that equal input gives equal output.</summary>
    /// <param name="a">One detection.</param>
    /// <param name="b">The other.</param>
    public static int Order(Detection a, Detection b)
    {
        int order = b.Score.CompareTo(a.Score);
        order = order != 0 ? order : a.Box.Y.CompareTo(b.Box.Y);
        order = order != 0 ? order : a.Box.X.CompareTo(b.Box.X);
        order = order != 0 ? order : a.Box.Width.CompareTo(b.Box.Width);
        return order != 0 ? order : a.Box.Height.CompareTo(b.Box.Height);
    }

    private static bool Overlaps(ReadOnlySpan<Detection> kept, in Box box, float iou)
    {
        foreach (ref readonly Detection other in kept)
        {
            if (other.Box.IoU(box) > iou)
            {
                return true;
            }
        }

        return false;
    }
}
