using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class IdentityGalleryTests
{
    private const int Dimension = 24;
    private static readonly DateTimeOffset s_start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly string[] s_cameras = ["hall", "door", "yard"];

    private readonly Random _random = new(3);
    private int _order;

    [Fact]
    public void Comparing_with_all_finds_what_comparing_one_by_one_finds_whatever_became_of_the_rows()
    {
        IdentityGallery gallery = new(4, perCamera: 2);
        for (int step = 0; step < 600; step++)
        {
            Change(gallery, step);
            if (step % 20 == 0 && gallery.Count > 0)
            {
                float[][] queries = [Unit(), Unit(), Unit()];
                float[][] worth = [.. queries.Select(_ => new float[gallery.Count + 3])];
                gallery.CompareAll(queries, s_cameras, new AcceptLevels(0, 0.1f), worth);
                for (int query = 0; query < queries.Length; query++)
                {
                    float[] slow = [.. Enumerable.Range(0, gallery.Count).Select(identity => gallery.Compare(identity, queries[query], s_cameras[query], new AcceptLevels(0, 0.1f)))
                        .Select(best => best.Similarity - (best.Camera == s_cameras[query] ? 0.1f : 0))];
                    Assert.Equal(slow, worth[query].Take(gallery.Count));
                }

                Assert.Equal(gallery.PrototypeCount, Enumerable.Range(0, gallery.Count).Sum(identity => gallery.Prototypes(identity).Count));
                Assert.All(Enumerable.Range(0, gallery.Count), identity => Assert.Equal(identity, gallery.IndexOf(gallery.Id(identity))));
            }
        }
    }

    [Fact]
    public void Rows_that_went_are_used_again()
    {
        IdentityGallery gallery = new(4);
        for (int day = 0; day < 5; day++)
        {
            for (int person = 0; person < 100; person++)
            {
                gallery.Add(gallery.Create(Guid.NewGuid()), Sighting("hall", 86400 * day), Unit());
            }

            gallery.Forget(s_start.AddDays(day));
            Assert.Equal((100, 100, 100), (gallery.Count, gallery.PrototypeCount, gallery.SightingCount));
        }
    }

    [Fact]
    public void No_camera_has_more_prototypes_than_it_may()
    {
        IdentityGallery gallery = new(10, perCamera: 3);
        int identity = gallery.Create(Guid.NewGuid());
        Dictionary<Guid, string> cameras = [];
        for (int i = 0; i < 40; i++)
        {
            KnownSighting sighting = Sighting(i < 30 ? "hall" : s_cameras[1 + (i % 2)], i);
            cameras[sighting.TrackletId] = sighting.Camera;
            gallery.Add(identity, sighting, Unit());
        }

        Assert.Equal([3, 3, 3], gallery.Prototypes(identity).GroupBy(id => cameras[id]).Select(camera => camera.Count()));
    }

    [Fact]
    public void Tracklets_that_the_store_forgot_go_and_whoever_had_no_other_goes_with_them()
    {
        IdentityGallery gallery = new(10);
        (int one, int other) = (gallery.Create(Guid.NewGuid()), gallery.Create(Guid.NewGuid()));
        (KnownSighting old, KnownSighting late, KnownSighting alone) = (Sighting("hall", 0), Sighting("door", 100), Sighting("yard", 200));
        gallery.Add(one, old, Unit());
        gallery.Add(one, late, Unit());
        gallery.Add(other, alone, Unit());

        gallery.Remove(new HashSet<Guid> { old.TrackletId, alone.TrackletId });

        Assert.Equal((1, 1, 1), (gallery.Count, gallery.PrototypeCount, gallery.SightingCount));
        Assert.Equal([late.TrackletId], gallery.Prototypes(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(500)]
    public void Places_come_largest_first_and_of_equals_the_earlier(int count)
    {
        float[] values = [.. Enumerable.Range(0, count + 5).Select(_ => _random.Next(40) == 0 ? float.NegativeInfinity : _random.Next(30) / 7f)];

        IEnumerable<int> places = Descending.Places(values, count);

        Assert.Equal(Enumerable.Range(0, count).OrderByDescending(place => values[place]), places);
    }

    private void Change(IdentityGallery gallery, int step)
    {
        switch (_random.Next(10))
        {
            case < 4:
                gallery.Add(gallery.Create(Guid.NewGuid()), Sighting(s_cameras[_random.Next(3)], step), Unit());
                break;
            case < 8 when gallery.Count > 0:
                gallery.Add(_random.Next(gallery.Count), Sighting(s_cameras[_random.Next(3)], step), Unit());
                break;
            case 8 when gallery.Count > 1:
                int gone = _random.Next(1, gallery.Count);
                gallery.Merge(_random.Next(gone), gone);
                break;
            case 9:
                gallery.Forget(s_start.AddSeconds(step - 60));
                break;
        }
    }

    private KnownSighting Sighting(string camera, double at) =>
        new(Guid.NewGuid(), camera, s_start.AddSeconds(at), s_start.AddSeconds(at), HasClock: true) { Order = ++_order };

    private float[] Unit()
    {
        float[] vector = [.. Enumerable.Range(0, Dimension).Select(_ => _random.NextSingle() - 0.5f)];
        float length = MathF.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => (float)(Half)(value / length))];
    }
}
