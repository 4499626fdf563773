namespace Pipeline.Detector.Benchmarks;

/// <summary>A person box of a truth.</summary>
/// <param name="Box">Where.</param>
/// <param name="Ignore">True for persons whom a detector need not find: neither hit nor miss.</param>
public readonly record struct TrueBox(Box Box, bool Ignore);

/// <summary>Average precision at an intersection over union of 0.5.</summary>
public static class AveragePrecision
{
    private const float Enough = 0.5f;

    /// <summary>
    /// Area under the precision-recall curve over all points, precision made monotone. In each frame the detections choose, best score
    /// first, the free true box that they overlap most; a detection that only overlaps an ignored box counts neither way.
    /// </summary>
    /// <param name="frames">For each frame what was found and what is there.</param>
    /// <returns>0 to 1; 0 when nobody is there.</returns>
    public static double At50(IEnumerable<(IReadOnlyList<Detection> Found, IReadOnlyList<TrueBox> There)> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        List<(float Score, bool Hit)> all = [];
        int persons = 0;
        foreach ((IReadOnlyList<Detection> found, IReadOnlyList<TrueBox> there) in frames)
        {
            persons += there.Count(box => !box.Ignore);
            Match(found, there, all);
        }

        return persons == 0 ? 0 : Area([.. all.OrderByDescending(detection => detection.Score).Select(detection => detection.Hit)], persons);
    }

    private static void Match(IReadOnlyList<Detection> found, IReadOnlyList<TrueBox> there, List<(float Score, bool Hit)> all)
    {
        bool[] taken = new bool[there.Count];
        foreach (Detection detection in found.OrderByDescending(detection => detection.Score))
        {
            int best = -1;
            float overlap = Enough;
            for (int i = 0; i < there.Count; i++)
            {
                float iou = there[i].Box.IoU(detection.Box);
                if (!taken[i] && !there[i].Ignore && iou >= overlap)
                {
                    (best, overlap) = (i, iou);
                }
            }

            if (best >= 0)
            {
                taken[best] = true;
            }

            if (best >= 0 || !there.Any(box => box.Ignore && box.Box.IoU(detection.Box) >= Enough))
            {
                all.Add((detection.Score, best >= 0));
            }
        }
    }

    private static double Area(bool[] hits, int persons)
    {
        double[] precision = new double[hits.Length];
        int hit = 0;
        for (int i = 0; i < hits.Length; i++)
        {
            hit += hits[i] ? 1 : 0;
            precision[i] = (double)hit / (i + 1);
        }

        double area = 0;
        double best = 0;
        for (int i = hits.Length - 1; i >= 0; i--)
        {
            best = Math.Max(best, precision[i]);
            area += hits[i] ? best / persons : 0;
        }

        return area;
    }
}
