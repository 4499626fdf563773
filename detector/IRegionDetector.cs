using OpenCvSharp;

namespace Pipeline.Detector;

/// <summary>A detector that is slow on whole pictures and can look at parts of them.</summary>
public interface IRegionDetector : IPersonDetector
{
    /// <summary>Detects persons in parts of every picture.</summary>
    /// <param name="pictures">CV_8UC3 BGR pictures, any sizes.</param>
    /// <param name="regions">For each picture where something moved or somebody was, in its pixels; may overlap.</param>
    /// <returns>One list for each picture: boxes in that picture's pixels, after non-maximum suppression, best score first.</returns>
    IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<Mat> pictures, IReadOnlyList<IReadOnlyList<Box>> regions);
}
