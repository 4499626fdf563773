using System.Globalization;
using Pipeline.Ingest;

namespace Pipeline.Tracker;

/// <summary>Makes a track's tracklet, or several where its crops turn out to be of several people, one after the other.</summary>
/// <remarks>The last of several ends when the track did, and so has the id that the whole would have: whoever was in view beside a track that goes on knows it by that.</remarks>
internal sealed class TrackletMaker(Camera camera, string siteId, int number, TrackStory story, DateTimeOffset at, IReadOnlyList<Guid> beside, FootPoint? exit)
{
    private readonly List<Stretch> _life = story.Shots.Best();

    /// <summary>One tracklet of the whole track.</summary>
    internal Tracklet Whole() => Make(_life, story.Entry, exit) with { Part = Part, Met = Met() };

    private List<float> Met()
    {
        List<float> met = [];
        float since = 0;
        foreach (Stretch stretch in _life)
        {
            since = Math.Max(since, stretch.Met);
            if (stretch.Shot is not null)
            {
                met.Add(since);
                since = stretch.Met; // before or after the shot: nobody noted it
            }
        }

        return met;
    }

    private Tracklet Part(Range crops)
    {
        int[] withCrop = [.. _life.Index().Where(stretch => stretch.Item.Shot is not null).Select(stretch => stretch.Index)];
        (int first, int count) = crops.GetOffsetAndLength(withCrop.Length);
        int from = first == 0 ? 0 : Change(withCrop[first - 1], withCrop[first]).After;
        int to = first + count == withCrop.Length ? _life.Count : Change(withCrop[first + count - 1], withCrop[first + count]).Before;
        return Make(_life[from..to], first == 0 ? story.Entry : null, first + count == withCrop.Length ? exit : null);
    }

    // When somebody else took over between two crops: where another person was closest, a moment that is neither's; else nobody knows, and each has half.
    private (int Before, int After) Change(int crop, int nextCrop)
    {
        int closest = Enumerable.Range(crop, nextCrop - crop + 1).MaxBy(stretch => _life[stretch].Met);
        int half = (crop + nextCrop + 1) / 2;
        return _life[closest].Met == 0 ? (half, half) : (Math.Max(crop + 1, closest), Math.Min(nextCrop, closest + 1));
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
