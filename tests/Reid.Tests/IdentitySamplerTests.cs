using Pipeline.Reid.Data;

namespace Pipeline.Tests.Reid;

public sealed class IdentitySamplerTests
{
    [Fact]
    public void Every_identity_comes_once_an_epoch_with_K_different_pictures_and_the_rest_is_dropped()
    {
        int[] labels = Labels(767, 6);

        IReadOnlyList<int[]> epoch = new IdentitySampler(labels, 16, 4, 16).Epoch(3);

        Assert.Equal(47, epoch.Count); // the published script: 767 identities make 47 batches of 16
        int[][] groups = [.. epoch.SelectMany(b => b.Chunk(4))];
        Assert.All(groups, g => Assert.Single(g.Select(i => labels[i]).Distinct()));
        Assert.All(groups, g => Assert.Equal(4, g.Distinct().Count()));
        Assert.Equal(752, groups.Select(g => labels[g[0]]).Distinct().Count());
    }

    [Fact]
    public void An_identity_with_fewer_pictures_than_K_gives_some_twice()
    {
        int[] labels = [0, 0, 1, 1, 1, 1, 1];

        int[] batch = Assert.Single(new IdentitySampler(labels, 2, 4, 1).Epoch(0));

        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], batch.Select(i => labels[i]).Order());
    }

    [Fact]
    public void Groups_use_every_picture_once_but_for_remainders_and_poor_identities()
    {
        int[] labels = [.. Labels(8, 9), .. Enumerable.Repeat(8, 3)]; // eight of nine pictures each, one identity of three

        IReadOnlyList<int[]> epoch = new IdentitySampler(labels, 4, 4, 5, SamplerRule.EveryGroup).Epoch(0);

        int[] used = [.. epoch.SelectMany(b => b)];
        Assert.Equal(used.Length, used.Distinct().Count());
        Assert.DoesNotContain(8, used.Select(i => labels[i]));
        Assert.All(epoch, b => Assert.Equal(4, b.Select(i => labels[i]).Distinct().Count()));
        Assert.InRange(used.Length, 48, 64); // sixteen groups; up to one batch's worth may be left when fewer than four identities have any
    }

    [Theory]
    [InlineData(SamplerRule.EveryIdentityOnce)]
    [InlineData(SamplerRule.EveryGroup)]
    public void Steps_repeat_or_cut_passes_and_the_seed_and_the_epoch_decide(SamplerRule rule)
    {
        int[] labels = Labels(6, 8);
        IdentitySampler sampler = new(labels, 3, 4, 7, rule, steps: 5);

        Assert.Equal(5, sampler.Epoch(0).Count);
        Assert.Equal(sampler.Epoch(2).SelectMany(b => b), new IdentitySampler(labels, 3, 4, 7, rule, steps: 5).Epoch(2).SelectMany(b => b));
        Assert.NotEqual(sampler.Epoch(0).SelectMany(b => b), sampler.Epoch(1).SelectMany(b => b));
        Assert.NotEqual(sampler.Epoch(0).SelectMany(b => b), new IdentitySampler(labels, 3, 4, 8, rule, steps: 5).Epoch(0).SelectMany(b => b));
        Assert.NotEqual(sampler.Epoch(0)[0], sampler.Epoch(0)[4]); // a second pass is another one
    }

    [Fact]
    public void With_cameras_the_pictures_of_a_person_come_from_as_many_cameras_as_there_are()
    {
        int[] labels = Labels(4, 10);
        int[] cameras = [.. Enumerable.Range(0, 40).Select(i => (i % 10) switch { < 7 => 1, 7 => 2, 8 => 3, _ => 4 })];

        IdentitySampler sampler = new(labels, 4, 4, 9, cameras: cameras);

        Assert.All(sampler.Epoch(0)[0].Chunk(4), g => Assert.Equal(4, g.Select(i => cameras[i]).Distinct().Count()));
        Assert.Equal(4, sampler.IdentitiesAcrossCameras);
        Assert.Equal(0, new IdentitySampler(labels, 4, 4, 9, cameras: new int[40]).IdentitiesAcrossCameras);
        Assert.Null(new IdentitySampler(labels, 4, 4, 9).IdentitiesAcrossCameras);
    }

    [Fact]
    public void Pictures_without_a_label_are_left_out()
    {
        int[] labels = [-1, 0, 0, -1, 1, 1];

        int[] used = [.. new IdentitySampler(labels, 2, 2, 1).Epoch(0).SelectMany(b => b)];

        Assert.Equal([1, 2, 4, 5], used.Order());
    }

    [Fact]
    public void Too_few_identities_are_refused_with_what_there_is()
    {
        Assert.Contains("no labelled pictures", Refused([-1, -1], 2, SamplerRule.EveryIdentityOnce), StringComparison.Ordinal);
        Assert.Contains("one identity only", Refused([0, 0, 0, 0], 2, SamplerRule.EveryIdentityOnce), StringComparison.Ordinal);
        Assert.Contains("3 identities, but a batch takes 4", Refused(Labels(3, 4), 4, SamplerRule.EveryIdentityOnce), StringComparison.Ordinal);
        Assert.Contains(
            "2 identities (1 more have fewer than 4 pictures), but a batch takes 3", Refused([.. Labels(2, 4), 2], 3, SamplerRule.EveryGroup), StringComparison.Ordinal);

        static string Refused(int[] labels, int people, SamplerRule rule) =>
            Assert.Throws<InvalidDataException>(() => new IdentitySampler(labels, people, 4, 1, rule)).Message;
    }

    private static int[] Labels(int identities, int each) => [.. Enumerable.Range(0, identities * each).Select(i => i / each)];

    [Fact]
    public void People_of_a_batch_share_a_camera_and_half_of_their_pictures_are_from_it()
    {
        // 12 people with 2 pictures in each of 3 cameras: person p is seen by cameras p % 2, 2 and 3.
        int[] labels = [.. Enumerable.Range(0, 72).Select(i => i / 6)];
        int[] cameras = [.. Enumerable.Range(0, 72).Select(i => i % 3 == 0 ? i / 6 % 2 : 1 + (i % 3))];
        IdentitySampler sampler = new(labels, 4, 4, 5, SamplerRule.SharedCamera, cameras);

        IReadOnlyList<int[]> batches = sampler.Epoch(1);

        Assert.Equal(3, batches.Count);
        Assert.Equal(12, batches.SelectMany(b => b).Select(i => labels[i]).Distinct().Count());
        Assert.All(batches, batch => Assert.All(batch.Chunk(4), own => Assert.Single(own.Select(i => labels[i]).Distinct())));
        Assert.All(batches, batch => Assert.All(batch.Chunk(4), own => Assert.Equal(4, own.Distinct().Count())));
        Assert.All(batches, batch => Assert.All(batch.Chunk(4), own => Assert.NotEqual(cameras[own[0]], cameras[own[1]])));
        Assert.Single(batches[0].Where((_, at) => at % 2 == 0).Select(i => cameras[i]).Distinct()); // enough of them are there at first
        Assert.Equal(batches, sampler.Epoch(1));
        Assert.Throws<InvalidDataException>(() => new IdentitySampler(labels, 4, 4, 5, SamplerRule.SharedCamera));
    }
}
