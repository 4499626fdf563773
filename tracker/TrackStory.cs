using Pipeline.Detector;
using Pipeline.Ingest;

namespace Pipeline.Tracker;

/// <summary>What is kept of a track besides its motion: where it began, how long it lasted, its best shots.</summary>
internal sealed class TrackStory(int crops)
{
    internal required DateTimeOffset StartAt { get; init; }

    internal required Segment FirstSegment { get; init; }

    internal required TimeSpan FirstOffset { get; init; }

    internal required Box FirstBox { get; init; }

    internal required int FrameWidth { get; init; }

    internal required int FrameHeight { get; init; }

    /// <summary>Place among the tracks that began in <see cref="FirstSegment"/>.</summary>
    internal required int Ordinal { get; init; }

    internal DateTimeOffset EndAt { get; set; }

    /// <summary>Foot point of the first box.</summary>
    internal FootPoint? Entry => FootPoint.Of(FirstBox, FrameWidth, FrameHeight);

    /// <summary>Foot point of the latest box.</summary>
    internal FootPoint? Latest { get; set; }

    internal int Detections { get; set; }

    /// <summary>The tracklet that it became before it ended; null until then.</summary>
    internal Guid? Decided { get; set; }

    internal LifeSigns Life { get; } = new();

    internal ShotSlots Shots { get; } = new(crops);
}
