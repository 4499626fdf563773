using Pipeline.Ingest;

namespace Pipeline.Detector;

/// <summary>A frame with the persons found in it. Owns the frame: dispose it to give the pixels back.</summary>
/// <param name="frame">The frame; its ownership passes here.</param>
/// <param name="detections">Persons, best score first, ties by position (y, then x, then size).</param>
/// <param name="rested">True when the detector rested: nothing moved and nobody was there, so nothing was looked for.</param>
public sealed class DetectedFrame(Frame frame, IReadOnlyList<Detection> detections, bool rested)
    : CameraItem(frame.Camera, frame.At), IDisposable
{
    /// <summary>The frame.</summary>
    public Frame Frame { get; } = frame;

    /// <summary>Persons, best score first.</summary>
    public IReadOnlyList<Detection> Detections { get; } = detections;

    /// <summary>True when the detector rested on this frame.</summary>
    public bool Rested { get; } = rested;

    /// <inheritdoc/>
    public void Dispose() => Frame.Dispose();
}
