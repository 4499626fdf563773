using Pipeline.Detector;
using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>How much a crop is worth, 0 to 1: size, confidence, overlap with others, truncation, proportions and sharpness in one number.</summary>
internal static class CropQuality
{
    private const double FullHeight = 192; // pixels of height beyond which more does not help the networks (256 rows, resized)
    private const double FullSharpness = 12; // mean gradient, in grey levels, of a crop that is in focus
    private const double SideWorth = 0.5; // a box that ends at the picture's edge shows part of a person, however much of the box is inside
    private const double EndWorth = 0.15; // at the upper or lower edge it is the head or the legs, which a wide box does not betray as proportions do
    private const double LeastSharpness = 0.05; // a flat picture may still be a person in plain clothes
    private const float BorderShare = 0.015f; // of the picture: boxes of people who are cut off end up to 14 pixels short of 1080 on corridor_2cam
    private const double Widest = 0.55; // width over height of a striding person seen whole; wider is a bust, a seated person or a box too large
    private const double Narrowest = 0.2; // narrower is a strip of somebody behind a post

    /// <summary>Weighted geometric mean of all but sharpness, with 1 for that: no sharpness makes more of it.</summary>
    internal static float Bound(in Detection detection, double overlap, int frameWidth, int frameHeight)
    {
        Box box = detection.Box;
        double size = Math.Min(1, box.Height / FullHeight);
        double inside = Inside(box, frameWidth, frameHeight);
        return (float)(Math.Pow(size, 0.35) * Math.Pow(Math.Clamp(detection.Score, 0f, 1f), 0.2)
            * Math.Pow(1 - overlap, 0.25) * Math.Pow(inside, 0.2) * Math.Pow(Whole(box), 0.5));
    }

    /// <summary>The bound with sharpness taken in.</summary>
    internal static float With(float bound, Picture picture) =>
        (float)(bound * Math.Pow(Math.Clamp(Sharpness(picture) / FullSharpness, LeastSharpness, 1), 0.15));

    /// <summary>Largest share of the box that any one other box covers. A box that reaches further down stands in front and covers all of it; one behind counts half.</summary>
    internal static double Overlap(IReadOnlyList<Detection> detections, int index)
    {
        Box box = detections[index].Box;
        double most = 0;
        for (int other = 0; other < detections.Count; other++)
        {
            Box by = detections[other].Box;
            double width = Math.Min(box.Right, by.Right) - Math.Max(box.X, by.X);
            double height = Math.Min(box.Bottom, by.Bottom) - Math.Max(box.Y, by.Y);
            if (other != index && width > 0 && height > 0)
            {
                most = Math.Max(most, width * height / box.Area * (by.Bottom >= box.Bottom ? 1 : 0.5));
            }
        }

        return Math.Min(1, most);
    }

    /// <summary>1 where the box has the proportions of a whole person, less the further it is from them: a close-up is large and sharp, and shows half of the clothes.</summary>
    private static double Whole(in Box box)
    {
        if (box.Width <= 0 || box.Height <= 0)
        {
            return 0;
        }

        double ratio = box.Width / box.Height;
        return Math.Min(1, Math.Min(Widest / ratio, ratio / Narrowest));
    }

    private static double Inside(in Box box, int frameWidth, int frameHeight)
    {
        double width = Math.Min(box.Right, frameWidth) - Math.Max(box.X, 0);
        double height = Math.Min(box.Bottom, frameHeight) - Math.Max(box.Y, 0);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        (float beside, float above) = (BorderShare * frameWidth, BorderShare * frameHeight);
        bool cutAtEnd = box.Y <= above || box.Bottom >= frameHeight - above;
        bool cutAtSide = box.X <= beside || box.Right >= frameWidth - beside;
        return width * height / box.Area * (cutAtEnd ? EndWorth : cutAtSide ? SideWorth : 1);
    }

    /// <summary>Mean absolute gradient of the green channel, sampled at about 128 rows so that the size of a crop does not decide.</summary>
    private static double Sharpness(Picture picture)
    {
        int step = Math.Max(1, picture.Height / 128);
        int stride = picture.Width * 3;
        long sum = 0;
        long count = 0;
        for (int y = step; y < picture.Height; y += step)
        {
            for (int x = step; x < picture.Width; x += step)
            {
                int here = (y * stride) + (x * 3) + 1;
                int value = picture.Bgr[here];
                sum += Math.Abs(value - picture.Bgr[here - (3 * step)]) + Math.Abs(value - picture.Bgr[here - (step * stride)]);
                count += 2;
            }
        }

        return count == 0 ? 0 : (double)sum / count;
    }
}
