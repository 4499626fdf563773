namespace Pipeline.Rendering.Fabrics;

/// <summary>Draws cloth as it is met on streets: most of it plain.</summary>
internal static class FabricDraw
{
    /// <summary>Cloth for a shirt, pullover or jacket; <paramref name="outer"/> for coats and suits, which are plainer.</summary>
    public static Fabric Upper(SeededRandom random, bool outer, float hemDrop)
    {
        Vector3 first = Colours.Upper(random), second = random.Chance(.4f) ? Colours.Upper(random) : Colours.Contrast(random);
        Weave weave = (Weave)(outer
            ? random.Weighted(64, 1, 2, 6, .5f, .5f, 3, 18, 1, 2, .5f, .5f, 3)
            : random.Weighted(58, 8, 3, 7, .5f, 1.5f, .8f, 13, 1.5f, 2.5f, 1.5f, .5f, 4));
        Vector3? inner = random.Chance(outer ? .45f : .12f) ? Colours.Upper(random) : null;
        bool calm = weave is Weave.Plain or Weave.Heather;
        return new Fabric
        {
            First = first, Second = second, Third = Colours.Upper(random), Weave = weave, Shift = random.Uniform(), Share = random.Uniform(.2f, .6f),
            Repeats = Repeats(random, weave), ChangeHeight = random.Uniform(1, 4.2f), HemDrop = hemDrop,
            Sleeve = random.Chance(.08f) ? (random.Chance(.5f) ? Colours.Upper(random) : second) : null,
            Yoke = random.Chance(.05f) ? (random.Chance(.5f) ? Colours.Upper(random) : second) : null, YokeHeight = random.Uniform(3, 4.6f),
            Inner = inner, InnerWidth = random.Uniform(.12f, 1),
            Band = random.Chance(.12f) ? (random.Chance(.5f) ? second : first * .5f) : null, BandWidth = random.Uniform(.2f, .8f),
            SideStripe = random.Chance(.05f) ? (random.Chance(.5f) ? new Vector3(.8f) : Colours.Upper(random)) : null,
            Print = inner is null && random.Chance(calm ? .36f : .06f) ? Print.Draw(random, first) : null,
        };
    }

    /// <summary>Cloth for trousers, shorts and skirts.</summary>
    public static Fabric Lower(SeededRandom random)
    {
        Weave weave = random.Pick(Weave.Plain, Weave.Plain, Weave.Plain, Weave.Denim, Weave.Denim, Weave.Heather);
        if (random.Chance(.06f))
        {
            weave = random.Pick(Weave.Plaid, Weave.Upright, Weave.Camouflage, Weave.Floral, Weave.Dots);
        }

        bool denim = weave == Weave.Denim;
        return new Fabric
        {
            First = denim && random.Chance(.75f) ? Colours.Denim(random) : Colours.Lower(random), Second = Colours.Contrast(random), Third = Colours.Upper(random),
            Weave = weave, Shift = random.Uniform(), Share = random.Uniform(.2f, .6f), Repeats = 1 + random.Below(7),
            WornKnees = denim ? random.Uniform(0, .8f) : 0,
            SideStripe = random.Chance(.06f) ? (random.Chance(.6f) ? new Vector3(.8f) : Colours.Upper(random)) : null,
        };
    }

    /// <summary>The same cloth without what only upper garments have: for skirts cut from it.</summary>
    public static Fabric Bare(Fabric fabric) => fabric with { Print = null, Inner = null, Sleeve = null, Yoke = null, Band = null };

    private static int Repeats(SeededRandom random, Weave weave) => weave switch
    {
        Weave.Plaid or Weave.Check => random.Pick(2, 2, 3, 3, 4, 4, 5, 6),
        Weave.Across => random.Pick(1, 1, 2, 2, 3, 4, 5, 6, 8),
        _ => 1 + random.Below(7),
    };
}
