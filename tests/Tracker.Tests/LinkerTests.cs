using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class LinkerTests
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_first_tracklet_is_a_new_identity_without_candidates()
    {
        Link link = One(Make(), Clip("hall", 0, 5, 0));

        Assert.True(link.IsNew);
        Assert.Equal(Band.Reject, link.Decision!.Band);
        Assert.Null(link.Decision.Similarity);
        Assert.Null(link.Decision.Margin);
        Assert.Empty(link.Decision.Candidates);
        Assert.Equal(0, link.Decision.GallerySize);
        Assert.Equal(link.Tracklet.Id, link.Prototypes!.Added);
    }

    [Fact]
    public void Somebody_alike_in_another_camera_later_is_the_same_identity()
    {
        Linker linker = Make();
        Link first = One(linker, Clip("hall", 0, 5, 0));

        Link second = One(linker, Clip("door", 10, 15, 10));

        Assert.Equal(first.IdentityId, second.IdentityId);
        Assert.False(second.IsNew);
        Assert.Equal(first.Tracklet.Id, second.FromTrackletId);
        Assert.Equal((Band.Accept, Verdict.Accepted), (second.Decision!.Band, second.Decision.Candidates[0].Verdict));
        Assert.Equal(MathF.Cos(10 * MathF.PI / 180), second.Decision.Similarity!.Value, 1e-3f);
    }

    [Theory]
    [InlineData(60, Band.Reject)] // cosine 0.5, far below 0.8
    [InlineData(40, Band.Uncertain)] // cosine 0.766, within 0.05 of it
    public void Below_the_threshold_is_a_new_identity_and_near_it_an_uncertain_one(float degrees, Band band)
    {
        Linker linker = Make();
        One(linker, Clip("hall", 0, 5, 0));

        Link link = One(linker, Clip("door", 10, 15, degrees));

        Assert.True(link.IsNew);
        Assert.Equal((band, Verdict.BelowThreshold), (link.Decision!.Band, link.Decision.Candidates.Single().Verdict));
    }

    [Fact]
    public void Two_identities_equally_alike_leave_it_uncertain()
    {
        Linker linker = Make();
        One(linker, Clip("hall", 0, 5, 0));
        One(linker, Clip("hall", 3, 8, 40)); // seen together with the first, so somebody else

        Link link = One(linker, Clip("door", 10, 15, 21));

        Assert.True(link.IsNew);
        Assert.Equal(Band.Uncertain, link.Decision!.Band);
        Assert.All(link.Decision.Candidates, candidate => Assert.Equal(Verdict.SmallMargin, candidate.Verdict));
        Assert.InRange(link.Decision.Margin!.Value, 0, 0.05f);
    }

    [Theory]
    [InlineData(false, 0.05f)]
    [InlineData(true, 0)]
    [InlineData(true, 0.05f)]
    public void Two_whom_an_operator_told_apart_are_told_apart_when_others_look_like_them(bool said, float weight)
    {
        Linker linker = WithWord(said, weight);
        Link first = One(linker, Clip("hall", 0, 5, 0));
        One(linker, Clip("hall", 3, 8, 40)); // seen together with the first, so somebody else

        Link link = One(linker, Clip("door", 10, 15, 17)); // 0.956 and 0.921: too close to each other without a word

        Assert.Equal(said && weight > 0, link.IdentityId == first.IdentityId);
        Assert.Equal(0.956f, link.Decision!.Candidates[0].Similarity, 1e-3f); // what was measured is told as it was
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_looks_like_the_other_of_two_who_were_told_apart_is_not_taken_for_the_one(bool said)
    {
        Linker linker = WithWord(said, 0.05f);
        One(linker, Clip("hall", 0, 5, 40));

        Assert.Equal(said, One(linker, Clip("door", 10, 15, 5)).IsNew); // cosine 0.82, but 0.996 to the other, who is not here
    }

    [Theory]
    [InlineData("door", 20, true)] // cosine 0.94
    [InlineData("hall", 20, false)] // the same in the camera where it was seen: 0.95 is asked there
    [InlineData("hall", 15, true)] // 0.966
    public void More_is_asked_of_somebody_seen_in_the_same_camera(string camera, float degrees, bool linked)
    {
        Linker linker = Make(new LinkerOptions { SameCameraExtra = 0.15f });
        One(linker, Clip("hall", 0, 5, 0));

        Link link = One(linker, Clip(camera, 10, 15, degrees));

        Assert.Equal(linked, !link.IsNew);
        Assert.Equal(camera == "hall" ? 0.95f : 0.8f, link.Decision!.Threshold, 1e-6f);
        Assert.Equal(linked ? Verdict.Accepted : Verdict.BelowThreshold, link.Decision.Candidates.Single().Verdict);
    }

    [Fact]
    public void The_prototype_that_speaks_most_for_a_link_counts_not_the_most_alike_one()
    {
        Linker linker = Make(new LinkerOptions { SameCameraExtra = 0.15f });
        One(linker, Clip("hall", 0, 5, 0));
        Link other = One(linker, Clip("door", 10, 15, 30)); // joins across cameras

        Link link = One(linker, Clip("hall", 20, 25, 20)); // 0.94 to that of its own camera, too little there; 0.985 to the other

        Assert.Equal(other.IdentityId, link.IdentityId);
        Assert.Equal(other.Tracklet.Id, link.Decision!.Candidates.Single().TrackletId);
    }

    [Fact]
    public void An_identity_that_place_and_time_rule_out_is_no_rival()
    {
        Linker linker = Make();
        Link first = One(linker, Clip("hall", 0, 5, 0));
        One(linker, Clip("hall", 3, 12, 40)); // still in the hall when the next one is at the door

        Link link = One(linker, Clip("door", 10, 15, 21));

        Assert.Equal(first.IdentityId, link.IdentityId);
        Assert.Equal(Verdict.ImpossibleTransit, link.Decision!.Candidates[0].Verdict); // the most alike of all, yet ruled out
    }

    [Fact]
    public void Nobody_is_twice_in_one_camera_at_the_same_time()
    {
        Linker linker = Make();
        One(linker, Clip("hall", 0, 5, 0));

        Link link = One(linker, Clip("hall", 5, 9, 0));

        Assert.True(link.IsNew);
        Assert.Equal(Verdict.SameCameraOverlap, link.Decision!.Candidates.Single().Verdict);
        Assert.Equal(Band.Reject, link.Decision.Band);
    }

    [Fact]
    public void Nobody_is_a_tracklet_that_was_decided_early_and_still_in_view()
    {
        Linker linker = Make();
        Link first = One(linker, Clip("hall", 0, 5, 0));

        Link link = One(linker, Clip("hall", 7, 9, 0, beside: first.Tracklet.Id));

        Assert.Equal(Verdict.SameCameraOverlap, link.Decision!.Candidates.Single().Verdict);
    }

    [Theory]
    [InlineData("", false, TimeSource.FileName, false)] // two places at once
    [InlineData("hall, door", false, TimeSource.FileName, true)] // the cameras see the same place
    [InlineData("", false, TimeSource.Order, true)] // no clocks: their times say nothing
    [InlineData("", true, TimeSource.Order, false)] // clocks: together
    public void Nobody_is_at_two_places_at_once_where_clocks_tell(string overlapping, bool together, TimeSource source, bool linked)
    {
        Linker linker = Make(new LinkerOptions { Overlapping = overlapping.Length == 0 ? [] : [overlapping], ClocksTogether = together });
        One(linker, Clip("hall", 0, 5, 0, source: source));

        Link link = One(linker, Clip("door", 3, 8, 0, source: source));

        Assert.Equal(linked, !link.IsNew);
        Assert.Equal(linked ? Verdict.Accepted : Verdict.ImpossibleTransit, link.Decision!.Candidates.Single().Verdict);
    }

    [Theory]
    [InlineData(7, false)] // 2 s after: nobody walks that fast
    [InlineData(10, true)]
    [InlineData(40, false)] // 35 s after: not on the straight way
    public void Travel_times_bound_the_way_from_camera_to_camera(double from, bool linked)
    {
        TravelWindow window = new() { Min = TimeSpan.FromSeconds(4), Max = TimeSpan.FromSeconds(30) };
        Linker linker = Make(new LinkerOptions { TravelTimes = new Dictionary<string, TravelWindow> { ["hall->door"] = window } });
        One(linker, Clip("hall", 0, 5, 0));

        Link link = One(linker, Clip("door", from, from + 3, 0));

        Assert.Equal(linked, !link.IsNew);
    }

    [Fact]
    public void Tracklets_of_one_moment_are_assigned_together_not_first_come()
    {
        Linker linker = Make();
        Link red = One(linker, Clip("hall", 0, 5, 0));
        Link blue = One(linker, Clip("hall", 3, 8, 60));

        // Each could be either of the two by threshold; together 10° and 50° fit best as 0° and 60°.
        IReadOnlyList<Link> links = linker.Decide([Clip("door", 10, 15, 33), Clip("door", 11, 16, 10)]);

        Assert.Equal([blue.IdentityId, red.IdentityId], links.Select(link => link.IdentityId));
    }

    [Fact]
    public void Tracklets_that_become_known_together_can_be_one_new_identity()
    {
        IReadOnlyList<Link> links = Make().Decide([Clip("hall", 0, 5, 0), Clip("door", 10, 15, 5)]);

        Assert.Equal([true, false], links.Select(link => link.IsNew));
        Assert.Equal(links[0].IdentityId, links[1].IdentityId);
    }

    [Fact]
    public void A_poor_tracklet_is_nobody_and_changes_nothing()
    {
        Linker linker = Make();

        Link blurred = One(linker, Clip("hall", 0, 5, 0, quality: 0.1f));
        Link bare = One(linker, new ClipFeature(Clip("hall", 6, 9, 0).Key, null, 0));

        Assert.All([blurred, bare], link => Assert.True(link is { IdentityId: null, Decision: null, Feature: null, IsNew: false }));
        Assert.Equal(0, linker.Gallery.Count);
    }

    [Fact]
    public void Probability_is_given_when_calibrated_and_only_then()
    {
        Linker linker = new(new LinkerOptions(), 0.8f, GallerySnapshot.Empty, similarity => similarity / 2);
        One(linker, Clip("hall", 0, 5, 0));

        Candidate candidate = One(linker, Clip("door", 10, 15, 0)).Decision!.Candidates.Single();

        Assert.Equal(candidate.Similarity / 2, candidate.Probability!.Value, 1e-6f);
        Linker plain = Make();
        One(plain, Clip("hall", 0, 5, 0));
        Assert.Null(One(plain, Clip("door", 10, 15, 0)).Decision!.Candidates.Single().Probability);
    }

    [Fact]
    public void The_most_redundant_prototype_leaves()
    {
        IdentityGallery gallery = new(2);
        int identity = gallery.Create(Guid.NewGuid());
        (KnownSighting first, KnownSighting near, KnownSighting far) = (Sighting(1), Sighting(2), Sighting(3));
        gallery.Add(identity, first, Vector(0));
        gallery.Add(identity, near, Vector(5));

        PrototypeChange change = gallery.Add(identity, far, Vector(40));

        // 0° and 5° are the most alike, and 5° is the more alike to 40°.
        Assert.Equal((far.TrackletId, near.TrackletId), (change.Added, change.Removed));
        Assert.Equal(2, gallery.PrototypeCount);
        Assert.Equal(first.TrackletId, gallery.Compare(identity, Vector(1), "", new AcceptLevels(0)).TrackletId);
    }

    [Fact]
    public void Candidates_are_at_most_five_and_the_best_comes_first()
    {
        Linker linker = Make();
        for (int person = 0; person < 7; person++)
        {
            One(linker, Clip("hall", person, 10 + person, 50 * person));
        }

        Decision decision = One(linker, Clip("door", 30, 35, 2)).Decision!;

        Assert.Equal(5, decision.Candidates.Count);
        Assert.Equal(7, decision.GallerySize);
        Assert.Equal(decision.Candidates.OrderByDescending(candidate => candidate.Similarity), decision.Candidates);
    }

    [Fact]
    public void Settings_that_make_no_sense_are_all_named()
    {
        LinkerOptions options = new() { Threshold = 2, Margin = -1, Prototypes = 0, Overlapping = ["door"], TravelTimes = new Dictionary<string, TravelWindow> { ["door"] = new() } };

        Assert.Equal(
            ["linker.threshold", "linker.margin", "linker.prototypes", "linker.overlapping", "linker.travel_times.door"],
            options.Problems().Select(problem => problem.Key));
        Assert.Empty(new LinkerOptions().Problems());
        Assert.Empty(new TrackerOptions().Problems());
        Assert.Equal(["tracker.low_threshold", "tracker.crops"], new TrackerOptions { LowThreshold = 0.9f, Crops = 0 }.Problems().Select(problem => problem.Key));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0.1f, false)]
    public void Who_comes_with_somebody_known_is_the_sooner_taken_for_who_came_with_them_before(float company, bool isNew)
    {
        Linker linker = Make(new LinkerOptions { Company = company });
        One(linker, Clip("hall", 0, 5, 0));
        Link friend = One(linker, Clip("hall", 1, 6, 100));
        One(linker, Clip("yard", 60, 65, 2));

        Link link = One(linker, Clip("yard", 61, 66, 139)); // 0.777, 0.8 is asked for

        Assert.Equal(isNew, link.IsNew);
        Assert.Equal(isNew ? 0.8f : 0.7f, link.Decision!.Threshold, 1e-6f);
        Assert.True(isNew || link.IdentityId == friend.IdentityId);
    }

    [Fact]
    public void Company_counts_also_among_those_decided_together()
    {
        Linker linker = Make();
        linker.Decide([Clip("hall", 0, 5, 0), Clip("hall", 1, 6, 100)]);

        IReadOnlyList<Link> links = linker.Decide([Clip("yard", 60, 65, 2), Clip("yard", 61, 66, 139)]);

        Assert.All(links, link => Assert.False(link.IsNew));
        Assert.NotEqual(links[0].IdentityId, links[1].IdentityId);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Where_strangers_are_nothing_like_each_other_less_is_asked_for(bool levels, bool isNew)
    {
        const int crowd = 15; // in the hall at once, so 105 pairs of strangers, each with a cosine of 0
        float[] Of(int who, float cosine)
        {
            float[] vector = new float[crowd + 1];
            (vector[who], vector[crowd]) = (cosine, MathF.Sqrt(1 - (cosine * cosine)));
            return vector;
        }

        Linker linker = Make(new LinkerOptions { Levels = levels });
        linker.Decide([.. Enumerable.Range(0, crowd).Select(who => Clip("hall", 0, 5 + (0.1 * who), who) with { Vector = Of(who, 1) })]);

        Link link = One(linker, Clip("hall", 60, 65, 0) with { Vector = Of(0, 0.76f) });

        Assert.Equal(isNew, link.IsNew);
        Assert.Equal(levels ? 0.8f - (0.1f * 105 / 205) : 0.8f, link.Decision!.Threshold, 1e-5f);
    }

    private static Linker Make(LinkerOptions? options = null) => new(options ?? new LinkerOptions(), 0.8f, GallerySnapshot.Empty);

    // Of earlier days: at 0 and at 40 degrees there are two people.
    private static Linker WithWord(bool said, float weight) => new(
        new LinkerOptions { FeedbackWeight = weight },
        0.8f,
        GallerySnapshot.Empty with { Feedback = said ? new RelevanceFeedback([new JudgedPair(Vector(0), Vector(40), Same: false)]) : RelevanceFeedback.None });

    private static Link One(Linker linker, ClipFeature clip) => linker.Decide([clip]).Single();

    private static KnownSighting Sighting(int number) =>
        new(ContentId.Create(s_start, $"{number}"), "hall", s_start, s_start, true);

    private static float[] Vector(float degrees) => [MathF.Cos(degrees * MathF.PI / 180), MathF.Sin(degrees * MathF.PI / 180)];

    internal static ClipFeature Clip(
        string camera, double from, double to, float degrees, TimeSource source = TimeSource.FileName, float quality = 0.8f, Guid? beside = null, FootPoint? entry = null, FootPoint? exit = null)
    {
        Camera where = new(camera, camera, CameraKind.Recorded);
        Tracklet tracklet = new(where, s_start.AddSeconds(to))
        {
            Id = ContentId.Create(s_start.AddSeconds(to), camera, $"{from} {degrees}"),
            Number = 1,
            StartAt = s_start.AddSeconds(from),
            EndAt = s_start.AddSeconds(to),
            Entry = entry,
            Exit = exit,
            Segment = new Segment(where, "file", "a.mp4", 0, "digest", s_start, source),
            Offset = TimeSpan.Zero,
            Box = new Box(0, 0, 10, 20),
            BoxAt = s_start.AddSeconds(from),
            FrameWidth = 100,
            FrameHeight = 100,
            Detections = 10,
            Quality = quality,
            Crops = [],
            BestCrop = -1,
            MediaDigest = "digest",
            Ordinal = 0,
            Beside = beside is { } id ? [id] : [],
        };
        return new ClipFeature(tracklet, Vector(degrees), 8);
    }
}
