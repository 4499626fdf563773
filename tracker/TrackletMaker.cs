using System.Globalization;
using Pipeline.Ingest;

namespace Pipeline.Tracker;

/// <summary>Makes a track's tracklet, or several where its crops turn out to be of several people, one after the other.</summary>
/// <remarks>The last of several ends when the track did, and so has the id that the whole would have: whoever was in view beside a track that goes on knows it by that.</remarks>
internal sealed class TrackletMaker(Camera camera, string siteId, int number, TrackStory story, DateTimeOffset at, IReadOnlyList<Guid> beside, FootPoint? exit)
{
    private readonly List<Stretch> _life = story.Shots.Best();

    /// <summary>One tracklet of the whole track.</summary>
    internal Tracklet Whole() => Make(_life, story.Entry, exit) with { Part = Part };

    // The stretches between the last crop of one part and the first of the next go half to each: nobody knows when the change was.
    private Tracklet Part(Range crops)
    {
        int[] withCrop = [.. _life.Index().Where(stretch => stretch.Item.Shot is not null).Select(stretch => stretch.Index)];
        (int first, int count) = crops.GetOffsetAndLength(withCrop.Length);
        int Begin(int crop) => crop == 0 ? 0 : crop == withCrop.Length ? _life.Count : (withCrop[crop - 1] + withCrop[crop] + 1) / 2;
        return Make(_life[Begin(first)..Begin(first + count)], first == 0 ? story.Entry : null, first + count == withCrop.Length ? exit : null);
    }

    private Tracklet Make(List<Stretch> life, FootPoint? entry, FootPoint? left)
    {
        List<Shot> shots = [.. life.Select(stretch => stretch.Shot).OfType<Shot>()];
        int best = shots.Count == 0 ? -1 : shots.IndexOf(shots.MaxBy(shot => shot.Crop.Quality)!);
        Shot? shot = best < 0 ? null : shots[best];
        DateTimeOffset endAt = life[^1].EndAt;
        string digest = story.FirstSegment.Digest;
        return new Tracklet(camera, at)
        {
            Id = ContentId.Create(endAt, siteId, camera.Id, digest, story.Ordinal.ToString(CultureInfo.InvariantCulture)),
            Number = number,
            StartAt = life[0].StartAt,
            EndAt = endAt,
            Entry = entry,
            Exit = left,
            Segment = shot?.Segment ?? story.FirstSegment,
            Offset = shot?.Offset ?? story.FirstOffset,
            Box = shot?.Box ?? story.FirstBox,
            BoxAt = shot?.Crop.CapturedAt ?? story.StartAt,
            FrameWidth = shot?.FrameWidth ?? story.FrameWidth,
            FrameHeight = shot?.FrameHeight ?? story.FrameHeight,
            Detections = life.Sum(stretch => stretch.Detections),
            Quality = shot?.Crop.Quality ?? 0,
            Crops = [.. shots.Select(one => one.Crop)],
            BestCrop = best,
            MediaDigest = digest,
            Ordinal = story.Ordinal,
            Beside = beside,
        };
    }
}
