using OpenCvSharp;

namespace Pipeline.Detector;

/// <summary>Finds persons in pictures. One instance serves all cameras; not thread-safe: one caller at a time.</summary>
public interface IPersonDetector : IDisposable
{
    /// <summary>Name and digest for reports, such as <c>nanodet-g@sha256:9c1f2ab4</c>.</summary>
    string Id { get; }

    /// <summary>One line for people: layout, input size, device, batch.</summary>
    string Description { get; }

    /// <summary>What its network runs on, as <see cref="Inference.NetworkSession.Open"/> says it; null when it is no network.</summary>
    string? RunsOn => null;

    /// <summary>Detects persons in every picture. The result of a picture does not depend on what else is in the batch.</summary>
    /// <param name="pictures">CV_8UC3 BGR pictures, any sizes.</param>
    /// <returns>One list for each picture: boxes in that picture's pixels, after non-maximum suppression, best score first.</returns>
    IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<Mat> pictures);
}
