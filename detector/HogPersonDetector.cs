using System.Diagnostics;
using OpenCvSharp;

namespace Pipeline.Detector;

/// <summary>
/// OpenCV's people detector: histograms of oriented gradients and a linear classifier (Dalal and Triggs 2005). Needs no model file. Small
/// pictures are enlarged, since it knows nobody under 100 pixels; its windows are shrunk to the person in them.
/// </summary>
public sealed class HogPersonDetector : IRegionDetector, IDetectorTimes
{
    private const int WindowWidth = 64;
    private const int WindowHeight = 128;
    private const double WorkingHeight = 1152; // enlarged to about this height: persons of a fifteenth of the picture are still found
    private const double LargestScale = 4;
    private const double Step = 1.05; // between two sizes that are looked for
    private const float RegionMargin = 0.35f; // of the region's size, each side: a window needs room around the person

    // The person in a window, measured on vtest.
    private const float PersonWidth = 0.46f;
    private const float PersonHeight = 0.78f;

    private readonly DetectorOptions _options;
    private readonly HOGDescriptor _hog = new();

    /// <summary>Makes the detector.</summary>
    /// <param name="options">Settings without problems.</param>
    public HogPersonDetector(DetectorOptions options)
    {
        _options = options;
        _hog.SetSVMDetector(HOGDescriptor.GetDefaultPeopleDetector());
    }

    /// <inheritdoc/>
    public string Id => "opencv-hog";

    /// <inheritdoc/>
    public string Description => "OpenCV's HOG people detector on moving regions, cpu; far weaker than a network";

    /// <inheritdoc/>
    public DetectorTimes Times { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<Mat> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        return Detect(pictures, [.. pictures.Select(picture => (IReadOnlyList<Box>)[new Box(0, 0, picture.Width, picture.Height)])]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<Mat> pictures, IReadOnlyList<IReadOnlyList<Box>> regions)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(regions);
        List<IReadOnlyList<Detection>> found = new(pictures.Count);
        for (int i = 0; i < pictures.Count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            List<Detection> persons = [];
            foreach (Rect region in Merge(regions[i], pictures[i]))
            {
                Search(pictures[i], region, persons);
            }

            persons.Sort(NonMaximumSuppression.Order); // the search runs on several threads and gives its windows in any order
            NonMaximumSuppression.Apply(persons, _options.NmsIou);
            found.Add(persons);
            Times = Times.Plus(1, TimeSpan.Zero, Stopwatch.GetElapsedTime(start), TimeSpan.Zero);
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => _hog.Dispose();

    private void Search(Mat picture, Rect region, List<Detection> persons)
    {
        double scale = ScaleOf(picture);
        using Mat part = picture[region];
        using Mat enlarged = new();
        Cv2.Resize(part, enlarged, new Size(0, 0), scale, scale, InterpolationFlags.Linear);
        if (enlarged.Width < WindowWidth || enlarged.Height < WindowHeight)
        {
            return; // OpenCV does not survive a picture in which no window fits
        }

        Rect[] windows = _hog.DetectMultiScale(enlarged, out double[] weights, 0, new Size(8, 8), new Size(0, 0), Step, 0);
        for (int i = 0; i < windows.Length; i++)
        {
            float score = Score(weights[i]);
            Box box = Shrink(windows[i], scale, region);
            Box inside = Cut(box, picture.Width, picture.Height);
            if (score > _options.ScoreThreshold && inside.Area > 0)
            {
                persons.Add(new(inside, score));
            }
        }
    }

    private static double ScaleOf(Mat picture) => Math.Clamp(WorkingHeight / picture.Height, 0.5, LargestScale);

    // The classifier's distance from its border, 0 to about 3, as a confidence: 0.5 at 0.7, where half of the windows hold a person.
    private static float Score(double weight) => (float)(1 / (1 + Math.Exp(-3 * (weight - 0.7))));

    private static Box Shrink(Rect window, double scale, Rect region)
    {
        float width = window.Width * PersonWidth;
        float height = window.Height * PersonHeight;
        float x = window.X + ((window.Width - width) / 2);
        float y = window.Y + ((window.Height - height) / 2);
        return new(
            (float)(x / scale) + region.X, (float)(y / scale) + region.Y, (float)(width / scale), (float)(height / scale));
    }

    private static Box Cut(in Box box, int width, int height)
    {
        float left = Math.Clamp(box.X, 0, width);
        float top = Math.Clamp(box.Y, 0, height);
        return new(left, top, Math.Clamp(box.Right, 0, width) - left, Math.Clamp(box.Bottom, 0, height) - top);
    }

    // Regions with their margin, at least a window large, those that overlap as one; ordered, so that equal input gives equal output.
    private static List<Rect> Merge(IReadOnlyList<Box> regions, Mat picture)
    {
        double scale = ScaleOf(picture);
        List<Rect> merged = [];
        foreach (Box region in regions)
        {
            Rect next = Widen(region, scale, picture);
            for (int i = 0; i < merged.Count; i++)
            {
                if (merged[i].IntersectsWith(next))
                {
                    next = merged[i].Union(next);
                    merged.RemoveAt(i);
                    i = -1; // the union may touch those before
                }
            }

            merged.Add(next);
        }

        return merged;
    }

    private static Rect Widen(in Box region, double scale, Mat picture)
    {
        double width = Math.Max(region.Width * (1 + (2 * RegionMargin)), 1.5 * WindowWidth / scale);
        double height = Math.Max(region.Height * (1 + (2 * RegionMargin)), 1.5 * WindowHeight / scale);
        double x = region.X + (region.Width / 2);
        double y = region.Y + (region.Height / 2);
        int left = (int)Math.Clamp(x - (width / 2), 0, Math.Max(0, picture.Width - width)); // at an edge it goes on inwards
        int top = (int)Math.Clamp(y - (height / 2), 0, Math.Max(0, picture.Height - height));
        int right = (int)Math.Min(picture.Width, Math.Ceiling(left + width));
        int bottom = (int)Math.Min(picture.Height, Math.Ceiling(top + height));
        return new Rect(left, top, right - left, bottom - top);
    }
}
