using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>The binary form of one camera's tracker state: a version, then everything, exact to the bit.</summary>
internal static class FollowerFormat
{
    private const int Version = 5; // 2: the camera's motion; 3: colours of tracks, signs of life; 4: how often a track was seen in each part of its life; 5: whom it met, where it was seen last

    internal static byte[] Write(
        Camera camera, CameraTracker tracker, SortedDictionary<int, TrackStory> stories, Segment? current, int begun)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Version);
        writer.Write(camera.Id);
        writer.Write(camera.Name);
        writer.Write((byte)camera.Kind);
        tracker.Save(writer);
        Segment[] segments = [.. Segments(stories, current)];
        writer.Write(segments.Length);
        Array.ForEach(segments, segment => Write(writer, segment));
        writer.Write(current is null ? -1 : Array.IndexOf(segments, current));
        writer.Write(begun);
        writer.Write(stories.Count);
        foreach ((int key, TrackStory story) in stories)
        {
            writer.Write(key);
            Write(writer, story, segments);
        }

        writer.Flush();
        return stream.ToArray();
    }

    internal static CameraFollower Read(
        byte[] state,
        int crops,
        Func<Camera, BinaryReader, Func<SortedDictionary<int, TrackStory>, (Segment? Current, int Begun)>, CameraFollower> create)
    {
        using BinaryReader reader = new(new MemoryStream(state));
        if (reader.ReadInt32() is var version && version != Version)
        {
            throw new InvalidDataException(
                $"tracker checkpoint: version {Version} is needed, got {version}. It was written by another version of the program; run again without --resume.");
        }

        Camera camera = new(reader.ReadString(), reader.ReadString(), (CameraKind)reader.ReadByte());
        return create(camera, reader, stories => ReadStories(reader, camera, crops, stories));
    }

    private static (Segment? Current, int Begun) ReadStories(
        BinaryReader reader, Camera camera, int crops, SortedDictionary<int, TrackStory> stories)
    {
        Segment[] segments = new Segment[reader.ReadInt32()];
        for (int index = 0; index < segments.Length; index++)
        {
            segments[index] = ReadSegment(reader, camera);
        }

        int current = reader.ReadInt32();
        int begun = reader.ReadInt32();
        int count = reader.ReadInt32();
        for (int index = 0; index < count; index++)
        {
            stories.Add(reader.ReadInt32(), ReadStory(reader, segments, crops));
        }

        return (current < 0 ? null : segments[current], begun);
    }

    private static IEnumerable<Segment> Segments(SortedDictionary<int, TrackStory> stories, Segment? current) =>
        stories.Values.SelectMany(story => story.Shots.All.Select(shot => shot.Segment).Prepend(story.FirstSegment))
            .Concat(current is null ? [] : [current]).Distinct();

    private static void Write(BinaryWriter writer, TrackStory story, Segment[] segments)
    {
        Write(writer, story.StartAt);
        Write(writer, story.EndAt);
        writer.Write(story.Latest is not null);
        if (story.Latest is { } latest)
        {
            writer.Write(latest.X);
            writer.Write(latest.Y);
        }

        writer.Write(Array.IndexOf(segments, story.FirstSegment));
        writer.Write(story.FirstOffset.Ticks);
        Write(writer, story.FirstBox);
        writer.Write(story.FrameWidth);
        writer.Write(story.FrameHeight);
        writer.Write(story.Ordinal);
        writer.Write(story.Detections);
        writer.Write(story.Decided?.ToByteArray() ?? new byte[16]);
        story.Life.Save(writer);
        story.Shots.Save(writer, stretch => Write(writer, stretch, segments));
    }

    private static TrackStory ReadStory(BinaryReader reader, Segment[] segments, int crops)
    {
        (DateTimeOffset startAt, DateTimeOffset endAt) = (ReadTime(reader), ReadTime(reader));
        FootPoint? latest = reader.ReadBoolean() ? new FootPoint(reader.ReadSingle(), reader.ReadSingle()) : null;
        TrackStory story = new(crops)
        {
            StartAt = startAt,
            FirstSegment = segments[reader.ReadInt32()],
            FirstOffset = new TimeSpan(reader.ReadInt64()),
            FirstBox = ReadBox(reader),
            FrameWidth = reader.ReadInt32(),
            FrameHeight = reader.ReadInt32(),
            Ordinal = reader.ReadInt32(),
            EndAt = endAt,
            Latest = latest,
            Detections = reader.ReadInt32(),
        };
        Guid decided = new(reader.ReadBytes(16));
        story.Decided = decided == Guid.Empty ? null : decided;
        story.Life.Restore(reader);
        story.Shots.Restore(reader, () => ReadStretch(reader, segments));
        return story;
    }

    private static void Write(BinaryWriter writer, Stretch stretch, Segment[] segments)
    {
        Write(writer, stretch.StartAt);
        Write(writer, stretch.EndAt);
        writer.Write(stretch.Detections);
        writer.Write(stretch.Met);
        writer.Write(stretch.Shot is not null);
        if (stretch.Shot is { } shot)
        {
            Write(writer, shot, segments);
        }
    }

    private static Stretch ReadStretch(BinaryReader reader, Segment[] segments) =>
        new(ReadTime(reader), ReadTime(reader), reader.ReadInt32(), reader.ReadSingle(), reader.ReadBoolean() ? ReadShot(reader, segments) : null);

    private static void Write(BinaryWriter writer, Shot shot, Segment[] segments)
    {
        Picture picture = shot.Crop.Picture;
        writer.Write(picture.Width);
        writer.Write(picture.Height);
        writer.Write(picture.Bgr);
        Write(writer, shot.Crop.CapturedAt);
        writer.Write(shot.Crop.Quality);
        Write(writer, shot.Box);
        writer.Write(shot.FrameWidth);
        writer.Write(shot.FrameHeight);
        writer.Write(Array.IndexOf(segments, shot.Segment));
        writer.Write(shot.Offset.Ticks);
    }

    private static Shot ReadShot(BinaryReader reader, Segment[] segments)
    {
        (int width, int height) = (reader.ReadInt32(), reader.ReadInt32());
        Picture picture = new(width, height, reader.ReadBytes(width * height * 3));
        Crop crop = new(picture, ReadTime(reader), reader.ReadSingle());
        return new Shot(
            crop, ReadBox(reader), reader.ReadInt32(), reader.ReadInt32(), segments[reader.ReadInt32()], new TimeSpan(reader.ReadInt64()));
    }

    private static void Write(BinaryWriter writer, Segment segment)
    {
        writer.Write(segment.Kind);
        writer.Write(segment.Ref);
        writer.Write(segment.Ordinal);
        writer.Write(segment.Digest);
        Write(writer, segment.StartAt);
        writer.Write((byte)segment.TimeSource);
    }

    private static Segment ReadSegment(BinaryReader reader, Camera camera) => new(
        camera, reader.ReadString(), reader.ReadString(), reader.ReadInt32(), reader.ReadString(), ReadTime(reader), (TimeSource)reader.ReadByte());

    private static void Write(BinaryWriter writer, in Box box)
    {
        writer.Write(box.X);
        writer.Write(box.Y);
        writer.Write(box.Width);
        writer.Write(box.Height);
    }

    private static Box ReadBox(BinaryReader reader) => new(reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());

    private static void Write(BinaryWriter writer, DateTimeOffset time) => writer.Write(time.UtcTicks);

    private static DateTimeOffset ReadTime(BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);
}
