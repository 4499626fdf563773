using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class LinkerCorrectionTests
{
    [Fact]
    public void A_tracklet_like_both_brings_two_identities_together_and_says_so()
    {
        Linker linker = Make();
        Link first = One(linker, LinkerTests.Clip("hall", 0, 5, 0));
        Link second = One(linker, LinkerTests.Clip("door", 10, 15, 41)); // cosine 0.755: uncertain, an identity of its own

        Link bridge = One(linker, LinkerTests.Clip("yard", 20, 25, 20)); // 0.94 to both

        (IReadOnlyList<Correction> corrections, IReadOnlyList<PrototypeSet> prototypes) = linker.TakeCorrections();
        Assert.True(second.IsNew);
        Assert.Equal(first.IdentityId, bridge.IdentityId); // the margin between the two does not block it
        Correction merged = Assert.Single(corrections);
        Assert.Equal((CorrectionKind.Merged, CorrectionCause.LateEvidence), (merged.Kind, merged.Cause));
        Assert.Equal((first.IdentityId!.Value, second.IdentityId!.Value), (merged.IdentityId, merged.PreviousIdentityId));
        Assert.Equal([second.Tracklet.Id], merged.TrackletIds);
        Assert.Equal([first.Tracklet.Id, bridge.Tracklet.Id, second.Tracklet.Id], Assert.Single(prototypes).TrackletIds);
        Assert.Equal(1, linker.Gallery.Count);
        Assert.Empty(linker.TakeCorrections().Corrections);
    }

    [Fact]
    public void Two_who_were_seen_together_are_never_merged()
    {
        Linker linker = Make();
        One(linker, LinkerTests.Clip("hall", 0, 5, 0));
        One(linker, LinkerTests.Clip("hall", 3, 8, 41));

        One(linker, LinkerTests.Clip("yard", 20, 25, 20));

        Assert.Empty(linker.TakeCorrections().Corrections);
    }

    [Fact]
    public void Two_whom_an_operator_told_apart_are_never_merged()
    {
        ClipFeature one = LinkerTests.Clip("hall", 0, 5, 0);
        ClipFeature other = LinkerTests.Clip("door", 10, 15, 41);
        LinkConstraints constraints = new([], [(((Tracklet)one.Key).Id, ((Tracklet)other.Key).Id)]);
        Linker linker = Make(constraints: constraints);
        One(linker, one);
        One(linker, other);

        Link bridge = One(linker, LinkerTests.Clip("yard", 20, 25, 20));

        Assert.Empty(linker.TakeCorrections().Corrections);
        Assert.Equal(Band.Uncertain, bridge.Decision!.Band);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(3, false)] // the second was met 10 s before, too long ago
    public void An_identity_stays_open_for_a_time(int seconds, bool merged)
    {
        Linker linker = Make(new LinkerOptions { OpenFor = TimeSpan.FromSeconds(seconds) });
        One(linker, LinkerTests.Clip("hall", 0, 5, 0));
        One(linker, LinkerTests.Clip("door", 10, 15, 41));

        One(linker, LinkerTests.Clip("yard", 20, 25, 20));

        Assert.Equal(merged, linker.TakeCorrections().Corrections.Count == 1);
    }

    [Fact]
    public void Without_corrections_the_margin_blocks_as_it_did()
    {
        Linker linker = Make(new LinkerOptions { Merge = false });
        One(linker, LinkerTests.Clip("hall", 0, 5, 0));
        One(linker, LinkerTests.Clip("door", 10, 15, 41));

        Link bridge = One(linker, LinkerTests.Clip("yard", 20, 25, 20));

        Assert.True(bridge.IsNew);
        Assert.Empty(linker.TakeCorrections().Corrections);
    }

    [Fact]
    public void A_tracklet_goes_to_a_later_identity_that_explains_it_better()
    {
        Linker linker = Make();
        Link hall = One(linker, LinkerTests.Clip("hall", 0, 5, 0));
        Link door = One(linker, LinkerTests.Clip("door", 10, 15, 30)); // 0.87: joins

        // In the yard while the first was in the hall, so somebody else; and the one at the door looks just like that.
        Link yard = One(linker, LinkerTests.Clip("yard", 3, 8, 32));

        (IReadOnlyList<Correction> corrections, IReadOnlyList<PrototypeSet> prototypes) = linker.TakeCorrections();
        Correction moved = Assert.Single(corrections);
        Assert.Equal(hall.IdentityId, door.IdentityId);
        Assert.Equal(CorrectionKind.Reassigned, moved.Kind);
        Assert.Equal((yard.IdentityId!.Value, hall.IdentityId!.Value), (moved.IdentityId, moved.PreviousIdentityId));
        Assert.Equal([door.Tracklet.Id], moved.TrackletIds);
        Assert.Equal([[hall.Tracklet.Id], [yard.Tracklet.Id, door.Tracklet.Id]], prototypes.Select(set => set.TrackletIds));
    }

    [Fact]
    public void Somebody_not_seen_for_long_is_looked_for_no_more()
    {
        Linker linker = Make(new LinkerOptions { ForgetAfter = TimeSpan.FromMinutes(1) });
        One(linker, LinkerTests.Clip("hall", 0, 5, 0));

        Link back = One(linker, LinkerTests.Clip("door", 70, 75, 0));

        Assert.True(back.IsNew);
        Assert.Equal(0, back.Decision!.GallerySize);
    }

    [Fact]
    public void Cameras_without_a_clock_let_nobody_be_forgotten()
    {
        Linker linker = Make(new LinkerOptions { ForgetAfter = TimeSpan.FromMinutes(1) });
        Link first = One(linker, LinkerTests.Clip("hall", 0, 5, 0, TimeSource.Order));

        Assert.Equal(first.IdentityId, One(linker, LinkerTests.Clip("door", 70, 75, 0, TimeSource.Order)).IdentityId);
    }

    [Fact]
    public void A_gallery_that_was_stored_in_between_decides_alike()
    {
        ClipFeature[] clips =
        [
            LinkerTests.Clip("hall", 0, 5, 0), LinkerTests.Clip("door", 10, 15, 41), LinkerTests.Clip("dock", 12, 17, 80), LinkerTests.Clip("yard", 20, 25, 20),
            LinkerTests.Clip("hall", 30, 35, 60), LinkerTests.Clip("door", 41, 45, 10), LinkerTests.Clip("dock", 50, 55, 70), LinkerTests.Clip("yard", 60, 66, 35),
        ];
        Linker whole = Make();
        List<Link> expected = [.. clips.Select(clip => One(whole, clip))];

        List<Link> found = [];
        List<KnownIdentity> known = [];
        foreach (ClipFeature clip in clips)
        {
            Linker fresh = new(new LinkerOptions(), 0.8f, new GallerySnapshot(known, new HashSet<Guid>()));
            found.Add(One(fresh, clip));
            known = [.. Enumerable.Range(0, fresh.Gallery.Count).Select(identity => Stored(fresh.Gallery, identity, clips))];
        }

        Assert.Equal(expected.Select(link => (link.IdentityId, link.Decision!.Similarity)), found.Select(link => (link.IdentityId, link.Decision!.Similarity)));
    }

    private static KnownIdentity Stored(IdentityGallery gallery, int identity, IEnumerable<ClipFeature> clips)
    {
        Dictionary<Guid, ClipFeature> features = clips.ToDictionary(clip => ((Tracklet)clip.Key).Id);
        return new KnownIdentity(
            gallery.Id(identity),
            [.. gallery.Prototypes(identity).Select(id => new KnownPrototype(id, ((Tracklet)features[id].Key).Camera.Id, features[id].Vector!))],
            gallery.Sightings(identity).ToList());
    }

    private static Linker Make(LinkerOptions? options = null, LinkConstraints? constraints = null) =>
        new(options ?? new LinkerOptions(), 0.8f, GallerySnapshot.Empty with { Constraints = constraints ?? LinkConstraints.None });

    private static Link One(Linker linker, ClipFeature clip) => linker.Decide([clip]).Single();
}
