using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class RelinkerTests
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Groups_that_are_one_person_are_merged_into_the_identity_that_holds_most()
    {
        RelinkItem[] items = [Item(1, "hall", 0, 0, who: 1), Item(2, "door", 10, 20, who: 2), Item(3, "yard", 20, 25, who: 2)];

        RelinkResult result = Solve(items);

        Correction merged = Assert.Single(result.Corrections);
        Assert.Equal((CorrectionKind.Merged, Person(2), Person(1)), (merged.Kind, merged.IdentityId, merged.PreviousIdentityId));
        Assert.Equal([Tracklet(1)], merged.TrackletIds);
        Assert.Equal([Tracklet(1), Tracklet(2), Tracklet(3)], Assert.Single(result.Prototypes).TrackletIds);
    }

    [Fact]
    public void A_tracklet_unlike_its_identity_is_split_off()
    {
        RelinkItem[] items = [Item(1, "hall", 0, 0, who: 1), Item(2, "door", 10, 5, who: 1), Item(3, "yard", 20, 80, who: 1)];

        Correction split = Assert.Single(Solve(items).Corrections);

        Assert.Equal((CorrectionKind.Split, Person(1)), (split.Kind, split.PreviousIdentityId));
        Assert.Equal([Tracklet(3)], split.TrackletIds);
        Assert.DoesNotContain(split.IdentityId, new[] { Person(1), Person(3) });
    }

    [Fact]
    public void A_tracklet_that_is_like_another_identity_goes_there()
    {
        RelinkItem[] items = [Item(1, "hall", 0, 0, who: 1), Item(2, "door", 10, 80, who: 1), Item(3, "yard", 20, 82, who: 2), Item(4, "yard", 40, 79, who: 2), Item(5, "yard", 60, 2, who: 1)];

        Correction moved = Assert.Single(Solve(items).Corrections);

        Assert.Equal((CorrectionKind.Reassigned, Person(2), Person(1)), (moved.Kind, moved.IdentityId, moved.PreviousIdentityId));
        Assert.Equal([Tracklet(2)], moved.TrackletIds);
    }

    [Theory]
    [InlineData(0.05f, 1)]
    [InlineData(0, 0)]
    public void Two_coats_that_an_operator_said_to_be_one_persons_bring_others_in_them_together(float weight, int merges)
    {
        RelinkItem[] items = [Item(1, "hall", 0, 0, who: 1), Item(2, "door", 10, 38, who: 2)]; // cosine 0.788
        RelevanceFeedback said = new([new JudgedPair(Vector(0), Vector(40), Same: true)]);

        RelinkResult result = new Relinker(new LinkerOptions { FeedbackWeight = weight }, 0.8f, 0).Solve(items, [], LinkConstraints.None, feedback: said);

        Assert.Equal(merges, result.Corrections.Count);
    }

    [Fact]
    public void Nobody_is_twice_in_one_camera_at_once_however_alike()
    {
        RelinkItem[] items = [Item(1, "hall", 0, 0, who: 1), Item(2, "hall", 2, 0, who: 2), Item(3, "door", 20, 0, who: 1)];

        Assert.Empty(Solve(items).Corrections);
    }

    [Fact]
    public void Somebody_known_in_two_coats_keeps_who_comes_in_either()
    {
        KnownIdentity settled = new(
            Person(1),
            [new KnownPrototype(Tracklet(1), "hall", Vector(0)), new KnownPrototype(Tracklet(2), "door", Vector(80))],
            [Sighting(1, "hall", 0), Sighting(2, "door", 60)]);
        RelinkItem[] items = [Item(3, "hall", 1000, 2, who: 1), Item(4, "door", 1060, 79, who: 1), Item(5, "yard", 1100, 40, who: 2)];

        Assert.Empty(Solve(items, settled).Corrections); // 40 degrees is neither
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0.1f, 1)]
    public void Who_walks_with_somebody_known_is_more_likely_who_walked_with_them_before(float company, int expected)
    {
        LinkerOptions options = new() { Company = company };
        (KnownSighting Sighting, float[] Feature)[] seen =
        [
            (Sighting(1, "hall", 0), Vector(0)), (Sighting(2, "hall", 1), Vector(100)), // two walk in together,
            (Sighting(3, "yard", 60), Vector(2)), (Sighting(4, "yard", 61), Vector(139)), // one of them comes out beside somebody with a cosine of 0.78, where 0.82 is asked for
        ];

        int[] persons = new Relinker(options, 0.8f, 0).Group(seen);

        Assert.Equal(persons[0], persons[2]);
        Assert.Equal(expected, new[] { persons[1], persons[3] }.Distinct().Count());
    }

    [Fact]
    public void Where_strangers_are_nothing_like_each_other_less_is_asked_for()
    {
        const int crowd = 15; // in the hall at once, so 105 pairs of strangers, each with a cosine of 0
        float[] Of(int who, float cosine)
        {
            float[] vector = new float[crowd + 1];
            (vector[who], vector[crowd]) = (cosine, MathF.Sqrt(1 - (cosine * cosine)));
            return vector;
        }

        (KnownSighting, float[])[] seen = [.. Enumerable.Range(0, crowd).Select(who => (Sighting(who + 1, "hall", 0), Of(who, 1))), (Sighting(crowd + 1, "hall", 60), Of(0, 0.78f))];
        int[] Persons(bool levels) => new Relinker(new LinkerOptions { Levels = levels, RelinkNeighbours = 0 }, 0.8f, 0).Group(seen);

        Assert.Equal(crowd + 1, Persons(levels: false).Distinct().Count());
        int[] persons = Persons(levels: true);
        Assert.Equal(persons[0], persons[^1]);
        Assert.Equal(crowd, persons.Distinct().Count());
    }

    [Fact]
    public void Group_says_who_belongs_together_whatever_was_decided_before()
    {
        RelinkItem[] items = [Item(3, "yard", 20, 80, who: 1), Item(1, "hall", 0, 0, who: 1), Item(2, "hall", 2, 3, who: 1), Item(4, "door", 40, 1, who: 2)];

        int[] persons = new Relinker(new LinkerOptions(), 0.8f, 0).Group([.. items.Select(item => (item.Sighting, item.Feature))]);

        Assert.Equal(3, persons.Distinct().Count()); // the two in the hall at once are two, whomever the one at the door resembles
        Assert.NotEqual(persons[1], persons[2]);
        Assert.Contains(persons[3], new[] { persons[1], persons[2] });
    }

    [Fact]
    public void The_operators_word_stands_against_looks()
    {
        RelinkItem[] items = [Item(1, "hall", 0, 0, who: 1), Item(2, "door", 10, 0, who: 2), Item(3, "yard", 20, 80, who: 1)];
        LinkConstraints word = new([(Tracklet(1), Tracklet(3))], [(Tracklet(1), Tracklet(2))]);

        Assert.Empty(new Relinker(new LinkerOptions(), 0.8f, 0).Solve(items, [], word).Corrections);
    }

    [Fact]
    public void Identities_of_earlier_runs_keep_their_names_and_stay_whole()
    {
        KnownIdentity earlier = new(
            Person(9),
            [new KnownPrototype(Tracklet(90), "hall", Vector(0))],
            [Sighting(90, "hall", -500), Sighting(91, "door", -400)]);
        RelinkItem[] items = [Item(101, "hall", 0, 3, who: 1), Item(102, "door", 10, 4, who: 1)];

        Correction merged = Assert.Single(Solve(items, earlier).Corrections);

        Assert.Equal((CorrectionKind.Merged, Person(9), Person(1)), (merged.Kind, merged.IdentityId, merged.PreviousIdentityId));
    }

    [Fact]
    public void Linking_once_more_changes_nothing()
    {
        foreach (int seed in Enumerable.Range(1, 20))
        {
            RelinkItem[] items = Random(seed, 40);
            Dictionary<Guid, Guid> owner = items.ToDictionary(item => item.Sighting.TrackletId, item => item.IdentityId);
            foreach (Correction correction in Solve(items).Corrections)
            {
                foreach (Guid tracklet in correction.TrackletIds)
                {
                    Assert.Equal(correction.PreviousIdentityId, owner[tracklet]); // each says truly where it was
                    owner[tracklet] = correction.IdentityId;
                }
            }

            RelinkItem[] again = [.. items.Select(item => item with { IdentityId = owner[item.Sighting.TrackletId] })];

            Assert.Empty(Solve(again).Corrections);
        }
    }

    [Fact]
    public void No_result_breaks_a_rule_of_place_and_time_and_the_order_given_does_not_matter()
    {
        foreach (int seed in Enumerable.Range(1, 20))
        {
            RelinkItem[] items = Random(seed, 40);

            RelinkResult result = Solve(items);

            Dictionary<Guid, Guid> owner = items.ToDictionary(item => item.Sighting.TrackletId, item => item.IdentityId);
            result.Corrections.SelectMany(correction => correction.TrackletIds, (correction, tracklet) => (tracklet, correction.IdentityId)).ToList().ForEach(move => owner[move.tracklet] = move.IdentityId);
            PhysicalRules rules = new(new LinkerOptions());
            foreach (IGrouping<Guid, RelinkItem> person in items.GroupBy(item => owner[item.Sighting.TrackletId]))
            {
                RelinkItem[] seen = [.. person];
                for (int one = 0; one < seen.Length; one++)
                {
                    Assert.Null(rules.Conflict([seen[one].Sighting], [.. seen.Skip(one + 1).Select(item => item.Sighting)]));
                }
            }

            Assert.Equivalent(result.Corrections, Solve([.. items.Reverse()]).Corrections, strict: true);
        }
    }

    [Fact]
    public void Agglomeration_joins_as_the_obvious_way_does()
    {
        foreach (int seed in Enumerable.Range(1, 30))
        {
            Random random = new(seed);
            const int count = 12;
            float[,] values = new float[count, count];
            bool[] forbidden = new bool[count * count];
            Linkage linkage = new(count);
            for (int one = 0; one < count; one++)
            {
                for (int other = one + 1; other < count; other++)
                {
                    values[one, other] = values[other, one] = random.NextSingle() - 0.4f;
                    linkage.Add(one, other, values[one, other]);
                    forbidden[(one * count) + other] = forbidden[(other * count) + one] = random.Next(8) == 0;
                }
            }

            List<List<int>> expected = Obvious(values, [.. forbidden], count);
            Agglomeration agglomeration = new(linkage, forbidden, count);
            Dictionary<int, List<int>> found = Enumerable.Range(0, count).ToDictionary(one => one, one => new List<int> { one });
            while (agglomeration.Best(0) is { } pair)
            {
                agglomeration.Join(pair.One, pair.Other);
                found[pair.One].AddRange(found[pair.Other]);
                found.Remove(pair.Other);
            }

            Assert.Equal(
                expected.Select(group => string.Join(' ', group.Order())).Order(StringComparer.Ordinal),
                found.Values.Select(group => string.Join(' ', group.Order())).Order(StringComparer.Ordinal));
        }
    }

    private static List<List<int>> Obvious(float[,] values, bool[] forbidden, int count)
    {
        List<List<int>> groups = [.. Enumerable.Range(0, count).Select(one => new List<int> { one })];
        while (true)
        {
            (float Worth, List<int>? One, List<int>? Other) best = (0, null, null);
            foreach (List<int> one in groups)
            {
                foreach (List<int> other in groups.Where(other => other != one))
                {
                    if (!one.Any(a => other.Any(b => forbidden[(a * count) + b])))
                    {
                        float worth = one.SelectMany(a => other.Select(b => values[a, b])).Max();
                        best = worth > best.Worth ? (worth, one, other) : best;
                    }
                }
            }

            if (best.One is null)
            {
                return groups;
            }

            best.One.AddRange(best.Other!);
            groups.Remove(best.Other!);
        }
    }

    private static RelinkItem[] Random(int seed, int count)
    {
        Random random = new(seed);
        string[] cameras = ["hall", "door", "yard"];
        return
        [
            .. Enumerable.Range(1, count).Select(number => Item(
                number, cameras[random.Next(3)], random.Next(400), (random.Next(6) * 30) + random.Next(18), who: random.Next(12))),
        ];
    }

    private static RelinkResult Solve(IReadOnlyList<RelinkItem> items, params KnownIdentity[] settled) =>
        new Relinker(new LinkerOptions(), 0.8f, 0).Solve(items, settled, LinkConstraints.None);

    private static RelinkItem Item(int number, string camera, double from, float degrees, int who) => new(Sighting(number, camera, from), Vector(degrees), Person(who));

    private static KnownSighting Sighting(int number, string camera, double from) =>
        new(Tracklet(number), camera, s_start.AddSeconds(from), s_start.AddSeconds(from + 5), true) { Order = number };

    private static Guid Tracklet(int number) => ContentId.Create(s_start, "tracklet", $"{number}");

    private static Guid Person(int number) => ContentId.Create(s_start, "person", $"{number}");

    private static float[] Vector(float degrees) => [MathF.Cos(degrees * MathF.PI / 180), MathF.Sin(degrees * MathF.PI / 180)];
}
