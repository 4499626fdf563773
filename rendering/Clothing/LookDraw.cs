namespace Pipeline.Rendering.Clothing;

/// <summary>Draws looks, and looks that are hard to tell from another.</summary>
internal static class LookDraw
{
    /// <summary>Draws a person.</summary>
    public static Look Draw(SeededRandom random)
    {
        Physique physique = Physique.Draw(random);
        return new Look
        {
            Physique = physique, Hair = DrawHair(random, physique), Upper = DrawUpper(random, physique), Lower = DrawLower(random, physique),
            Accessories = DrawAccessories(random), Seed = random.Next(),
        };
    }

    /// <summary>Another person who looks much like this one: the same clothes on another body, or a few things changed.</summary>
    public static Look Vary(Look look, SeededRandom random)
    {
        Look other = look with { Seed = random.Next() };
        if (random.Chance(.6f))
        {
            Physique physique = look.Physique.Vary(random);
            LowerWear shoes = DrawLower(random, physique);
            other = other with
            {
                Physique = physique, Hair = DrawHair(random, physique), Accessories = DrawAccessories(random),
                Lower = random.Chance(.6f) ? look.Lower with { Shoes = shoes.Shoes, ShoeColour = shoes.ShoeColour } : look.Lower,
            };
            return other;
        }

        other = random.Chance(.5f) ? other with { Upper = DrawUpper(random, look.Physique) } : other with { Lower = DrawLower(random, look.Physique) };
        return random.Chance(.4f) ? other with { Accessories = DrawAccessories(random) } : other;
    }

    /// <summary>The same person in another upper garment.</summary>
    public static Look ChangeCoat(Look look, SeededRandom random) => look with { Upper = DrawUpper(random, look.Physique) };

    private static HairStyle DrawHair(SeededRandom random, Physique physique)
    {
        Vector3 colour = physique.Age > .6f && random.Chance(.6f) ? new Vector3(random.Uniform(.06f, .3f)) : Colours.Hair(random);
        if (physique.IsMan && random.Chance(.3f))
        {
            return new HairStyle { Colour = colour * random.Uniform(.5f, 1.4f) };
        }

        string mesh = physique.IsMan
            ? random.Pick("short01", "short02", "short03", "short04")
            : random.Pick("long01", "long01", "ponytail01", "ponytail01", "bob01", "bob02", "Braid01", "short01");
        return new HairStyle { Mesh = mesh, Colour = colour };
    }

    private static UpperWear DrawUpper(SeededRandom random, Physique physique)
    {
        string? suit = random.Chance(.2f) ? random.Pick<string>(physique.IsMan ? AssetList.MaleSuits : AssetList.FemaleSuits) : null;
        bool coat = suit is null && random.Chance(.16f);
        float sleeve = coat ? random.Uniform(.92f, 1.02f) : random.Chance(.52f) ? random.Uniform(.88f, 1.02f) : random.Weighted(5, 67, 12, 16) switch
        {
            0 => 0,
            1 => random.Uniform(.22f, .42f),
            2 => random.Uniform(.5f, .6f),
            _ => random.Uniform(.65f, .85f),
        };
        float hem = coat ? random.Uniform(.2f, .5f) : random.Uniform(-.02f, .12f);
        bool hood = suit is null && sleeve > .8f && random.Chance(.25f);
        bool outer = coat || (suit?.Contains("elegant", StringComparison.Ordinal) ?? false);
        return new UpperWear
        {
            Suit = suit, Coat = coat, SleeveLength = sleeve, HemDrop = hem,
            Looseness = coat ? random.Uniform(.3f, .6f) : random.Chance(.5f) ? random.Uniform(.08f, .22f) : random.Uniform(.2f, .5f),
            Neckline = random.Chance(.7f) ? random.Uniform(.55f, .85f) : random.Uniform(.8f, 1.2f),
            Hood = hood, HoodUp = hood && random.Chance(.1f), Folds = random.Uniform(.3f, .9f),
            Taper = random.Chance(.6f) ? random.Uniform(.03f, .18f) : random.Uniform(.18f, .6f),
            Jacket = suit is null && !coat && sleeve > .2f && random.Chance(.26f) ? DrawJacket(random) : null,
            Fabric = FabricDraw.Upper(random, outer, hem), Scarf = random.Chance(.05f) ? Colours.Any(random) : null,
        };
    }

    private static Jacket DrawJacket(SeededRandom random)
    {
        float hem = random.Uniform(.02f, .2f);
        Fabric fabric = FabricDraw.Upper(random, outer: true, hem) with { Inner = null, Print = null };
        float sleeve = random.Chance(.1f) ? .05f : random.Uniform(.9f, 1.02f);
        return new Jacket(fabric, random.Uniform(.16f, .4f), random.Uniform(0, .12f), sleeve, hem, random.Uniform(.15f, 1.3f), random.Uniform(.3f, .9f));
    }

    private static LowerWear DrawLower(SeededRandom random, Physique physique)
    {
        bool man = physique.IsMan;
        Bottom bottom = (Bottom)(man ? random.Weighted(86, 14) : random.Weighted(66, 10, 13, 11));
        Fabric fabric = bottom == Bottom.Skirt && random.Chance(.5f) ? FabricDraw.Bare(FabricDraw.Upper(random, false, 9)) : FabricDraw.Lower(random);
        bool close = !man && random.Chance(.6f);
        return new LowerWear
        {
            Bottom = bottom, Fabric = fabric, Folds = random.Uniform(.25f, .8f),
            LegLength = bottom == Bottom.Shorts ? random.Uniform(.2f, .48f) : random.Chance(.15f) ? random.Uniform(.75f, .92f) : random.Uniform(.94f, 1.02f),
            Looseness = close ? random.Uniform(.04f, .14f) : random.Uniform(.12f, .38f), Flare = random.Chance(.2f) ? random.Uniform(.1f, .4f) : 0,
            Taper = close ? random.Uniform(.25f, .6f) : random.Uniform(.05f, .28f),
            SkirtLength = random.Chance(.6f) ? random.Uniform(.28f, .5f) : random.Uniform(.5f, .95f), SkirtWidth = random.Uniform(.45f, 1.05f),
            Tights = bottom >= Bottom.Skirt && random.Chance(.5f) ? (random.Chance(.7f) ? new Vector3(random.Uniform(.01f, .04f)) : Colours.Any(random)) : null,
            Shoes = random.Pick<string>(AssetList.Shoes), Boots = random.Chance(man ? .03f : .14f),
            ShoeColour = random.Weighted(5, 3, 3, 2) switch
            {
                0 => new Vector3(random.Uniform(.01f, .05f)),
                1 => new Vector3(random.Uniform(.5f, .85f)),
                2 => Colours.Lower(random),
                _ => Colours.Upper(random),
            },
        };
    }

    private static Accessories DrawAccessories(SeededRandom random) => new()
    {
        Bag = (Bag)random.Weighted(44, 22, 13, 5, 5, 7, 4),
        BagColour = random.Chance(.5f) ? new Vector3(random.Uniform(.01f, .06f)) : Colours.Any(random),
        BagSecondColour = Colours.Any(random),
        BagSize = new Vector3(random.Uniform(.8f, 1.25f), random.Uniform(.75f, 1.25f), random.Uniform(.7f, 1.3f)),
        Hat = (Hat)random.Weighted(88, 6, 4, 1, 1),
        HatColour = Colours.Any(random),
        Umbrella = random.Chance(.012f) ? Colours.Any(random) : null,
        Mask = random.Chance(.06f) ? new Vector3(.5f, .65f, .75f) * (random.Chance(.6f) ? 1 : .05f) : null,
        Glasses = random.Chance(.12f),
    };
}
