using System.Diagnostics;
using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Reid;
using Pipeline.Reid.Calibrating;

namespace Pipeline.Cli.Running;

/// <summary>A detector whose work is measured.</summary>
/// <param name="detector">The detector; disposed with this.</param>
/// <param name="meter">Counts pictures.</param>
internal class MeteredDetector(IPersonDetector detector, Meter meter) : IPersonDetector
{
    /// <inheritdoc/>
    public string Id => detector.Id;

    /// <inheritdoc/>
    public string Description => detector.Description;

    /// <inheritdoc/>
    public string? RunsOn => detector.RunsOn;

    /// <summary>Measures a detector; one that looks at regions stays one.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="meter">Counts pictures.</param>
    public static IPersonDetector Of(IPersonDetector detector, Meter meter) =>
        detector is IRegionDetector regions ? new MeteredRegionDetector(regions, meter) : new MeteredDetector(detector, meter);

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<Mat> pictures)
    {
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<IReadOnlyList<Detection>> found = detector.Detect(pictures);
        meter.Add(Stopwatch.GetElapsedTime(start), pictures.Count);
        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        detector.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class MeteredRegionDetector(IRegionDetector detector, Meter meter) : MeteredDetector(detector, meter), IRegionDetector
    {
        private readonly Meter _meter = meter;

        public IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<Mat> pictures, IReadOnlyList<IReadOnlyList<Box>> regions)
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<IReadOnlyList<Detection>> found = detector.Detect(pictures, regions);
            _meter.Add(Stopwatch.GetElapsedTime(start), pictures.Count);
            return found;
        }
    }
}

/// <summary>An embedder whose work is measured.</summary>
/// <param name="embedder">The embedder; disposed with this.</param>
/// <param name="meter">Counts crops.</param>
internal sealed class MeteredEmbedder(IEmbedder embedder, Meter meter) : IEmbedder
{
    /// <inheritdoc/>
    public string ModelId => embedder.ModelId;

    /// <inheritdoc/>
    public int Dimension => embedder.Dimension;

    /// <inheritdoc/>
    public string? Notice => embedder.Notice;

    /// <inheritdoc/>
    public string? RunsOn => embedder.RunsOn;

    /// <inheritdoc/>
    public float DefaultThreshold => embedder.DefaultThreshold;

    /// <inheritdoc/>
    public float DefaultSameCameraExtra => embedder.DefaultSameCameraExtra;

    /// <inheritdoc/>
    public bool WeighsClips => embedder.WeighsClips;

    /// <inheritdoc/>
    public Calibration? Calibration => embedder.Calibration;

    /// <inheritdoc/>
    public void Embed(IReadOnlyList<Picture> pictures, Span<float> embeddings)
    {
        long start = Stopwatch.GetTimestamp();
        embedder.Embed(pictures, embeddings);
        meter.Add(Stopwatch.GetElapsedTime(start), pictures.Count);
    }

    /// <inheritdoc/>
    public void Embed(IReadOnlyList<Picture> pictures, Span<float> embeddings, Span<float> taps)
    {
        long start = Stopwatch.GetTimestamp();
        embedder.Embed(pictures, embeddings, taps);
        meter.Add(Stopwatch.GetElapsedTime(start), pictures.Count);
    }

    /// <inheritdoc/>
    public void Dispose() => embedder.Dispose();
}
