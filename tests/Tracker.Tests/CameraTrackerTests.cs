using Pipeline.Detector;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class CameraTrackerTests
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    public void Two_people_who_cross_keep_their_numbers_at_any_frame_rate(int framesPerSecond)
    {
        CameraTracker tracker = new(new TrackerOptions());
        List<(int Left, int Right)> seen = [];
        for (int frame = 0; frame <= 8 * framesPerSecond; frame++)
        {
            double seconds = (double)frame / framesPerSecond;
            float left = (float)(100 + (60 * seconds));
            float right = (float)(580 - (60 * seconds));
            IReadOnlyList<TrackedBox> boxes = tracker.Update(
                s_start.AddSeconds(seconds), [Person(left, 100), Person(right, 130)]);
            seen.Add((boxes.Single(box => box.Detection == 0).Number, boxes.Single(box => box.Detection == 1).Number));
        }

        Assert.Single(seen.Distinct());
    }

    [Fact]
    public void A_track_is_tentative_then_confirmed_then_lost_then_given_up()
    {
        CameraTracker tracker = new(new TrackerOptions { MaxLost = TimeSpan.FromSeconds(1) });
        tracker.Update(s_start, []);

        Assert.Equal(TrackState.Tentative, tracker.Update(s_start.AddSeconds(0.2), [Person(100, 100)]).Single().State);
        TrackedBox second = tracker.Update(s_start.AddSeconds(0.4), [Person(102, 100)]).Single();
        Assert.Equal((TrackState.Confirmed, 1), (second.State, second.Number));
        Assert.Equal(1, tracker.PeopleInView);
        Assert.Empty(tracker.Update(s_start.AddSeconds(1.4), []));
        Assert.Equal(0, tracker.PeopleInView);
        Assert.Empty(tracker.Ended);
        tracker.Update(s_start.AddSeconds(1.5), []);
        Assert.Equal([new EndedTrack(1, 1)], tracker.Ended);
    }

    [Fact]
    public void A_box_seen_once_is_nobody()
    {
        CameraTracker tracker = new(new TrackerOptions());
        tracker.Update(s_start, []);
        tracker.Update(s_start.AddSeconds(0.2), [Person(100, 100)]);

        tracker.Update(s_start.AddSeconds(0.4), []);

        Assert.Equal([new EndedTrack(1, 0)], tracker.Ended);
    }

    [Fact]
    public void An_unsure_detection_continues_a_track_but_starts_none()
    {
        CameraTracker tracker = new(new TrackerOptions());
        tracker.Update(s_start, [Person(100, 100)]);

        IReadOnlyList<TrackedBox> boxes = tracker.Update(s_start.AddSeconds(0.2), [Person(101, 100, 0.3f), Person(400, 100, 0.3f)]);

        Assert.Equal(1, Assert.Single(boxes).Number);
        Assert.Equal(0, boxes[0].Detection);
    }

    [Fact]
    public void Somebody_hidden_for_a_second_is_found_again_where_he_was_going()
    {
        CameraTracker tracker = new(new TrackerOptions());
        int number = 0;
        for (int frame = 0; frame < 40; frame++)
        {
            bool hidden = frame is >= 15 and < 20;
            IReadOnlyList<TrackedBox> boxes = tracker.Update(
                s_start.AddSeconds(frame / 5.0), hidden ? [] : [Person(100 + (12 * frame), 100)]);
            number = hidden ? number : boxes.Single().Number;
        }

        Assert.Equal(1, number);
    }

    [Fact]
    public void A_camera_that_is_jolted_does_not_mix_people_up()
    {
        Assert.Equal(4, Jolted(new TrackerOptions(), saveAt: -1).Numbers.Distinct().Count());
    }

    [Fact]
    public void A_tracker_that_was_saved_and_restored_goes_on_to_the_bit_while_the_camera_moves()
    {
        Assert.Equal(Jolted(new TrackerOptions(), saveAt: -1).State, Jolted(new TrackerOptions(), saveAt: 30).State);
    }

    [Fact]
    public void Somebody_not_found_is_foreseen_where_he_was_going_for_as_long_as_asked()
    {
        CameraTracker tracker = new(new TrackerOptions());
        for (int frame = 0; frame < 20; frame++)
        {
            tracker.Update(s_start.AddSeconds(frame / 10.0), [Person(100 + (10 * frame), 100)]);
        }

        tracker.Update(s_start.AddSeconds(2), []);

        TrackedBox hidden = Assert.Single(tracker.Hidden(TimeSpan.FromMilliseconds(100)));
        Assert.Equal((1, -1), (hidden.Number, hidden.Detection));
        Assert.InRange(hidden.Box.X, 297, 303);
        tracker.Update(s_start.AddSeconds(2.1), []);
        Assert.Empty(tracker.Hidden(TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public void Somebody_behind_another_person_is_foreseen_for_twice_as_long()
    {
        CameraTracker tracker = new(new TrackerOptions());
        for (int frame = 0; frame < 20; frame++)
        {
            tracker.Update(s_start.AddSeconds(frame / 10.0), [Person(300, 100), Person(310, 120), Person(600, 100)]);
        }

        for (int frame = 20; frame < 23; frame++)
        {
            tracker.Update(s_start.AddSeconds(frame / 10.0), [Person(310, 120)]); // in front of the first; nobody is in front of the third
        }

        TrackedBox hidden = Assert.Single(tracker.Hidden(TimeSpan.FromMilliseconds(250)));
        Assert.Equal(1, hidden.Number);
    }

    [Theory]
    [InlineData(true, new[] { 1, 2 })]
    [InlineData(false, new[] { 2, 1 })]
    public void Colours_keep_two_apart_whom_motion_alone_would_swap(bool looked, int[] numbers)
    {
        (float[] red, float[] blue) = (Plain(red: 200, blue: 30), Plain(red: 30, blue: 200));
        CameraTracker tracker = new(new TrackerOptions());
        for (int frame = 0; frame < 10; frame++)
        {
            tracker.Update(s_start.AddSeconds(frame / 5.0), [Person(300, 100), Person(345, 100)], looked ? [red, blue] : null);
        }

        // From one picture to the next they change places, as people do at five frames a second.
        IReadOnlyList<TrackedBox> boxes = tracker.Update(s_start.AddSeconds(2), [Person(330, 100), Person(315, 100)], looked ? [red, blue] : null);

        Assert.Equal(numbers, boxes.OrderBy(box => box.Detection).Select(box => box.Number));
    }

    [Fact]
    public void Under_a_camera_that_stands_still_no_motion_of_it_is_seen()
    {
        Random random = new(5);
        CameraMotion motion = new();
        List<Track> tracks = [.. Enumerable.Range(0, 8).Select(person => Standing(200 * person))];
        List<(double, double)> ways = [];
        for (int frame = 0; frame < 300; frame++)
        {
            ways.Add(motion.Estimate(tracks, [.. tracks.Select(track => track.SeenBox.Move(Noise(), Noise()))]));
        }

        Assert.All(ways.Skip(50), way => Assert.Equal((0, 0), way));

        double Noise() => 4 * (random.NextDouble() + random.NextDouble() - 1);
    }

    private static Track Standing(double left)
    {
        TrackBox box = new(left, 100, 60, 150);
        KalmanFilter filter = KalmanFilter.Start(box);
        return new Track { Key = 1 + (int)left, StartTicks = 0, State = TrackState.Confirmed, Hits = 20, SeenBox = box, Filter = filter, SeenFilter = filter };
    }

    private static float[] Plain(byte red, byte blue)
    {
        byte[] picture = new byte[3 * 40 * 100];
        for (int at = 0; at < picture.Length; at += 3)
        {
            (picture[at], picture[at + 1], picture[at + 2]) = (blue, 60, red);
        }

        return BodyColours.Of(picture, 40, 100, new Box(0, 0, 40, 100))!;
    }

    // Four people in a row, walking on the spot of a picture that jumps by more than a box is wide.
    private static (List<int> Numbers, byte[] State) Jolted(TrackerOptions options, int saveAt)
    {
        Random random = new(3);
        CameraTracker tracker = new(options);
        List<int> numbers = [];
        double jolt = 0;
        for (int frame = 0; frame < 60; frame++)
        {
            if (frame >= 20)
            {
                jolt += (frame % 2 == 0 ? 1 : -1) * (38 + (4 * random.NextDouble()));
            }

            foreach (TrackedBox box in tracker.Update(
                s_start.AddSeconds(frame / 10.0), [.. Enumerable.Range(0, 4).Select(person => Person((float)(200 + (150 * person) + jolt + random.NextDouble()), 100))]))
            {
                numbers.Add(box.Number);
            }

            if (frame == saveAt)
            {
                byte[] state = Saved(tracker);
                tracker = new CameraTracker(options);
                using BinaryReader reader = new(new MemoryStream(state));
                tracker.Restore(reader);
            }
        }

        return (numbers, Saved(tracker));
    }

    private static byte[] Saved(CameraTracker tracker)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        tracker.Save(writer);
        writer.Flush();
        return stream.ToArray();
    }

    [Fact]
    public void Boxes_that_are_nowhere_are_passed_over()
    {
        CameraTracker tracker = new(new TrackerOptions());

        Assert.Empty(tracker.Update(s_start, [new(new Box(float.NaN, 0, 10, 10), 0.9f), new(new Box(0, 0, 0, 10), 0.9f)]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_ten_thousand_boxes_in_a_frame_the_surest_are_followed_and_the_rest_is_counted(bool onOneSpot)
    {
        Random random = new(1);
        Detection[] crowd = [.. Enumerable.Range(0, 10_000).Select(_ => onOneSpot
            ? Person(100, 100)
            : Person(random.Next(0, 1900), random.Next(0, 1000), 0.7f + (0.3f * random.NextSingle())))];
        CameraTracker tracker = new(new TrackerOptions());

        tracker.Update(s_start, crowd);
        IReadOnlyList<TrackedBox> boxes = tracker.Update(s_start.AddSeconds(0.2), crowd);

        Assert.InRange(boxes.Count, onOneSpot ? 64 : 990, 1000);
        Assert.Equal(18_000, tracker.DetectionsLeftOut);
    }

    private static Detection Person(float x, float y, float score = 0.9f) => new(new Box(x, y, 60, 150), score);
}
