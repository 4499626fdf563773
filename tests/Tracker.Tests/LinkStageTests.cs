using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class LinkStageTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Groups_do_not_depend_on_the_order_within_a_cell(int seed)
    {
        List<ClipFeature> clips = [.. (await Scene.TrackAsync(new Scene(seed).Items())).Select(Scene.Embed)];
        Random random = new(seed);
        List<ClipFeature> shuffled = [.. clips.OrderBy(clip => ((TrackerOutput)clip.Key).At.UtcTicks / TimeSpan.TicksPerSecond)
            .ThenBy(_ => random.Next())];

        List<LinkGroup> one = await Scene.LinkAsync(clips, GallerySnapshot.Empty);
        List<LinkGroup> other = await Scene.LinkAsync(shuffled, GallerySnapshot.Empty);

        Assert.Contains(one, group => group.Links.Any(link => link.IdentityId is not null && !link.IsNew));
        Assert.Equal(one.Select(Text), other.Select(Text));
    }

    [Theory]
    [InlineData(21, 2)]
    [InlineData(22, 3)]
    [InlineData(23, 4)]
    [InlineData(24, 5)]
    public async Task A_run_cut_after_some_group_and_resumed_gives_the_groups_of_an_undisturbed_run(int seed, int cameras)
    {
        Scene scene = new(seed, cameras);
        List<LinkGroup> whole = await Scene.LinkAsync((await Scene.TrackAsync(scene.Items())).Select(Scene.Embed), GallerySnapshot.Empty);
        Random random = new(seed);
        foreach (int cut in Enumerable.Range(0, 5).Select(_ => random.Next(whole.Count + 1)))
        {
            Store store = new(whole.Take(cut));
            List<CropSet> tracked = await Scene.TrackAsync(scene.Items(store.NextSegments), store.States);

            List<LinkGroup> rest = await Scene.LinkAsync(tracked.Select(Scene.Embed), store.Snapshot());

            Assert.Equal(whole.Skip(cut).Select(Text), rest.Select(Text));
        }
    }

    [Fact]
    public async Task A_tracklet_that_comes_twice_is_decided_once()
    {
        List<ClipFeature> clips = [.. (await Scene.TrackAsync(new Scene(31).Items())).Select(Scene.Embed)];

        List<LinkGroup> groups = await Scene.LinkAsync(clips.SelectMany(clip => new[] { clip, clip }).Where(clip => clip.Key is Tracklet), GallerySnapshot.Empty);

        List<Guid> decided = [.. groups.SelectMany(group => group.Links).Select(link => link.Tracklet.Id)];
        Assert.Equal(clips.Select(clip => clip.Key).OfType<Tracklet>().Count(), decided.Count);
        Assert.Equal(decided.Distinct().Count(), decided.Count);
    }

    private static string Text(LinkGroup group) => string.Join('\n',
    [
        $"{group.At:O}",
        .. group.Links.Select(link => $"{link.Tracklet.Id} {link.Tracklet.Number} {link.IdentityId} {link.IsNew} {link.FromTrackletId} {link.Prototypes} "
            + $"{link.Decision?.Similarity} {link.Decision?.Margin} {link.Decision?.Band} {link.Decision?.GallerySize} {string.Join(';', link.Decision?.Candidates ?? [])}"),
        .. group.Checkpoints.Select(checkpoint => $"{checkpoint.Camera.Id} {checkpoint.End.Segment.Ordinal} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(checkpoint.State))}"),
        .. group.Finished.Select(finished => $"{finished.Camera.Id} finished"),
        Convert.ToHexString(group.Learned ?? []),
    ]);

    /// <summary>What a store keeps of committed groups, and gives back to a resumed run.</summary>
    private sealed class Store
    {
        private readonly List<KnownIdentity> _identities = [];
        private readonly HashSet<Guid> _decided = [];
        private readonly List<RecentTracklet> _recent = [];
        private readonly byte[]? _learned;

        internal Store(IEnumerable<LinkGroup> groups)
        {
            foreach (LinkGroup group in groups)
            {
                foreach (Link link in group.Links)
                {
                    Commit(link);
                }

                _learned = group.Learned ?? _learned;

                foreach (SegmentCheckpoint checkpoint in group.Checkpoints)
                {
                    NextSegments[checkpoint.Camera.Id] = checkpoint.End.Segment.Ordinal + 1;
                    States[checkpoint.Camera.Id] = checkpoint.State;
                }
            }
        }

        internal Dictionary<string, int> NextSegments { get; } = [];

        internal Dictionary<string, byte[]> States { get; } = [];

        internal GallerySnapshot Snapshot() => new(_identities, _decided) { Recent = [.. _recent.TakeLast(RecentTracklet.Most)], Learned = _learned };

        private void Commit(Link link)
        {
            _decided.Add(link.Tracklet.Id);
            if (link.IdentityId is not { } id)
            {
                return;
            }

            if (link.IsNew)
            {
                _identities.Add(new KnownIdentity(id, [], []));
            }

            int index = _identities.FindIndex(identity => identity.Id == id);
            KnownIdentity known = _identities[index];
            Tracklet tracklet = link.Tracklet;
            IEnumerable<KnownPrototype> prototypes = known.Prototypes.Where(prototype => prototype.TrackletId != link.Prototypes!.Removed);
            if (link.Prototypes!.Added is { } added)
            {
                prototypes = prototypes.Append(new KnownPrototype(added, tracklet.Camera.Id, link.Feature!));
            }

            _identities[index] = known with
            {
                Prototypes = [.. prototypes],
                Sightings = [.. known.Sightings, KnownSighting.Of(tracklet)],
            };
            _recent.Add(new RecentTracklet(_identities[index].Sightings[^1], link.Feature!, id));
        }
    }
}
