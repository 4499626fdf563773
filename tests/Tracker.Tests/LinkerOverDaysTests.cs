using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class LinkerOverDaysTests
{
    private static readonly LinkerOptions s_options = new() { ForgetAfter = TimeSpan.FromDays(2), Prototypes = 3, PrototypesPerCamera = 2 };

    [Fact]
    public void A_gallery_rebuilt_from_all_that_was_ever_stored_decides_as_the_one_that_forgets_as_it_goes()
    {
        ClipFeature[] clips = [.. Days(days: 5, perDay: 40)];
        Linker whole = new(s_options, 0.8f, GallerySnapshot.Empty);
        Dictionary<Guid, ClipFeature> byId = clips.ToDictionary(clip => ((Tracklet)clip.Key).Id);
        Stored stored = new(byId);
        int forgotten = 0;
        foreach (ClipFeature clip in clips)
        {
            Linker fresh = new(s_options, 0.8f, stored.Snapshot());
            Link expected = whole.Decide([clip]).Single();

            Link found = fresh.Decide([clip]).Single();

            Assert.Equal(
                (expected.IdentityId, expected.IsNew, expected.FromTrackletId, expected.Decision!.Similarity, expected.Decision.Band, expected.Decision.GallerySize),
                (found.IdentityId, found.IsNew, found.FromTrackletId, found.Decision!.Similarity, found.Decision.Band, found.Decision.GallerySize));
            Assert.Equal(expected.Decision.Candidates, found.Decision.Candidates);
            stored.Apply(expected, whole.TakeCorrections(), whole.TakeLearned());
            forgotten = stored.Count - whole.Gallery.Count;
        }

        Assert.True(forgotten > 5, $"{forgotten} forgotten");
        Assert.True(whole.Gallery.SightingCount < clips.Length / 2, $"{whole.Gallery.SightingCount} of {clips.Length} sightings held");
    }

    [Fact]
    public void The_same_people_on_three_days_are_the_same_identities()
    {
        Linker linker = new(new LinkerOptions(), 0.8f, GallerySnapshot.Empty);
        List<Guid?[]> days = [];
        for (int day = 0; day < 3; day++)
        {
            days.Add([.. Enumerable.Range(0, 6).SelectMany(person => linker.Decide([Clip(day, person, 60 * person, person * 50)])).Select(link => link.IdentityId)]);
        }

        Assert.Equal(6, days[0].Distinct().Count());
        Assert.Equal(days[0], days[1]);
        Assert.Equal(days[0], days[2]);
    }

    [Fact]
    public void Whom_an_operator_said_to_be_one_is_one_and_whom_he_told_apart_are_two_when_they_are_linked_again()
    {
        (ClipFeature one, ClipFeature unlike, ClipFeature alike) = (Clip(0, 0, 0, 0), Clip(0, 1, 60, 80), Clip(0, 2, 120, 2));
        (Guid first, Guid second, Guid third) = (Id(one), Id(unlike), Id(alike));
        Linker linker = new(new LinkerOptions(), 0.8f, GallerySnapshot.Empty.With([(first, second)], [(first, third)]));

        Link[] links = [.. new[] { one, unlike, alike }.SelectMany(clip => linker.Decide([clip]))];

        Assert.Equal(links[0].IdentityId, links[1].IdentityId);
        Assert.NotEqual(links[0].IdentityId, links[2].IdentityId);
        Assert.Equal(Verdict.OperatorRejected, Assert.Single(links[2].Decision!.Candidates).Verdict);
    }

    [Fact]
    public void A_word_against_place_and_time_binds_nobody()
    {
        (ClipFeature one, ClipFeature beside) = (Clip(0, 0, 0, 0), Clip(0, 1, 1, 80));
        Linker linker = new(new LinkerOptions(), 0.8f, GallerySnapshot.Empty.With([(Id(one), Id(beside))], []));

        Link[] links = [.. new[] { one, beside }.SelectMany(clip => linker.Decide([clip]))];

        Assert.NotEqual(links[0].IdentityId, links[1].IdentityId);
    }

    private static Guid Id(ClipFeature clip) => ((Tracklet)clip.Key).Id;

    // Regulars of every day, visitors of one, all at three cameras.
    private static IEnumerable<ClipFeature> Days(int days, int perDay)
    {
        Random random = new(5);
        for (int day = 0; day < days; day++)
        {
            for (int i = 0; i < perDay; i++)
            {
                bool regular = random.Next(3) > 0;
                ClipFeature clip = Clip(day, random.Next(3), (86400.0 * i / perDay) + random.Next(60), i);
                Tracklet tracklet = (Tracklet)clip.Key;
                tracklet = tracklet with { Entry = Somewhere(random), Exit = Somewhere(random) };
                yield return clip with { Key = tracklet, Vector = Vector(random, regular ? random.Next(4) : -1) };
            }
        }
    }

    private static FootPoint? Somewhere(Random random) => random.Next(4) == 0 ? null : new FootPoint(random.NextSingle(), random.NextSingle());

    // Near an axis of its own, or anywhere.
    private static float[] Vector(Random random, int axis)
    {
        float[] vector = [.. Enumerable.Range(0, 12).Select(i => (axis < 0 ? 1 : 0.2f) * (random.NextSingle() - 0.5f) + (i == axis ? 1 : 0))];
        float length = MathF.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => (float)(Half)(value / length))];
    }

    private static ClipFeature Clip(int day, int camera, double second, float degrees) =>
        LinkerTests.Clip(new[] { "hall", "door", "yard" }[camera % 3], (86400 * day) + second, (86400 * day) + second + 5, degrees);

    /// <summary>What a store would hold: everything, whatever the gallery in memory has let go of.</summary>
    private sealed class Stored(IReadOnlyDictionary<Guid, ClipFeature> clips)
    {
        private readonly List<Guid> _identities = [];
        private readonly Dictionary<Guid, List<KnownSighting>> _sightings = [];
        private readonly Dictionary<Guid, List<Guid>> _prototypes = [];
        private long _order;
        private byte[]? _learned;

        internal int Count => _identities.Count;

        internal void Apply(Link link, (IReadOnlyList<Correction> Corrections, IReadOnlyList<PrototypeSet> Prototypes) later, byte[]? learned)
        {
            _learned = learned ?? _learned;
            Guid identity = link.IdentityId!.Value;
            if (link.IsNew)
            {
                _identities.Add(identity);
                (_sightings[identity], _prototypes[identity]) = ([], []);
            }

            Tracklet tracklet = link.Tracklet;
            _sightings[identity].Add(KnownSighting.Of(tracklet) with { Order = ++_order });
            if (link.Prototypes!.Removed is { } removed)
            {
                _prototypes[identity].Remove(removed);
            }

            if (link.Prototypes.Added is { } added)
            {
                _prototypes[identity].Add(added);
            }

            foreach (Correction correction in later.Corrections)
            {
                foreach (Guid moved in correction.TrackletIds)
                {
                    KnownSighting sighting = _sightings[correction.PreviousIdentityId].Single(one => one.TrackletId == moved);
                    _sightings[correction.PreviousIdentityId].Remove(sighting);
                    _sightings[correction.IdentityId] = [.. _sightings[correction.IdentityId].Append(sighting).OrderBy(one => one.Order)];
                }

                // Of a merge the store moves all there is, also what the gallery has let go of.
                if (correction.Kind == CorrectionKind.Merged)
                {
                    _sightings[correction.IdentityId] = [.. _sightings[correction.IdentityId].Concat(_sightings[correction.PreviousIdentityId]).OrderBy(one => one.Order)];
                    _identities.Remove(correction.PreviousIdentityId);
                }
            }

            foreach (PrototypeSet set in later.Prototypes)
            {
                _prototypes[set.IdentityId] = [.. set.TrackletIds];
            }
        }

        internal GallerySnapshot Snapshot() => new(
            [.. _identities.Select(identity => new KnownIdentity(
                identity,
                [.. _prototypes[identity].Select(id => new KnownPrototype(id, ((Tracklet)clips[id].Key).Camera.Id, clips[id].Vector!))],
                [.. _sightings[identity]]))],
            new HashSet<Guid>())
        {
            Learned = _learned,
            Recent =
            [
                .. _identities.SelectMany(identity => _sightings[identity].Select(sighting => new RecentTracklet(sighting, clips[sighting.TrackletId].Vector!, identity)))
                    .OrderBy(one => one.Sighting.Order).TakeLast(RecentTracklet.Most),
            ],
        };
    }
}
