namespace Pipeline.Rendering.Bodies;

/// <summary>What a body is like. All measures go from 0 to 1.</summary>
internal sealed record Physique
{
    // Body measures that may be turned either way on top of the general ones.
    private static readonly (string Target, string Less, string More)[] Measures =
    [
        ("torso/torso-scale-vert-", "decr", "incr"), ("torso/torso-scale-horiz-", "decr", "incr"), ("torso/torso-vshape-", "less", "more"),
        ("stomach/stomach-tone-", "decr", "incr"), ("measure/measure-waist-", "decrease", "increase"),
        ("measure/measure-upperlegheight-", "decrease", "increase"), ("measure/measure-upperarmlenght-", "decrease", "increase"),
        ("neck/neck-scale-vert-", "less", "more"), ("measure/measure-shoulder-", "decrease", "increase"),
        ("measure/measure-hips-", "decrease", "increase"), ("hip/hip-scale-horiz-", "decr", "incr"),
    ];

    /// <summary>0 woman, 1 man.</summary>
    public required float Maleness { get; init; }

    /// <summary>0 child, 0.25 young, 1 old.</summary>
    public required float Age { get; init; }

    /// <summary>Muscle.</summary>
    public required float Muscle { get; init; }

    /// <summary>Weight.</summary>
    public required float Weight { get; init; }

    /// <summary>Height.</summary>
    public required float Height { get; init; }

    /// <summary>From uncommon to ideal proportions.</summary>
    public required float Proportion { get; init; }

    /// <summary>Shares of African, Asian and Caucasian features.</summary>
    public required Vector3 Features { get; init; }

    /// <summary>Name of the skin texture.</summary>
    public required string Skin { get; init; }

    /// <summary>Brightness of the skin, about 1.</summary>
    public required float SkinTone { get; init; }

    /// <summary>Further targets with their weights.</summary>
    public required (string Target, float Weight)[] Extra { get; init; }

    /// <summary>Dressed and coiffed as a man.</summary>
    public bool IsMan => Maleness > .5f;

    /// <summary>Draws a body.</summary>
    public static Physique Draw(SeededRandom random)
    {
        bool man = random.Chance(.54f);
        float age = random.Chance(.03f) ? random.Uniform(.1f, .2f) : random.Chance(.78f) ? random.Uniform(.22f, .5f) : random.Uniform(.5f, .95f);
        int main = random.Weighted(.15f, .45f, .4f), second = (main + 1 + random.Below(2)) % 3;
        float share = random.Uniform(.7f, 1);
        Vector3 features = default;
        features[main] = share;
        features[second] += 1 - share;
        return new Physique
        {
            Maleness = man ? random.Uniform(.8f, 1) : random.Uniform(0, .2f),
            Age = age,
            Muscle = random.Uniform(.25f, .8f),
            Weight = Math.Clamp(.5f + (.2f * random.Normal()), .08f, .98f),
            Height = Math.Clamp(.5f + (.2f * random.Normal()), .05f, .95f),
            Proportion = random.Uniform(.3f, .9f),
            Features = features,
            Skin = SkinOf(age, main, man),
            SkinTone = random.Uniform(.8f, 1.12f),
            Extra = [.. Measures.Where(_ => random.Chance(.6f)).Select(m => (m.Target + (random.Chance(.5f) ? m.Less : m.More), random.Uniform(0, .6f)))],
        };
    }

    /// <summary>Another body of the same sex, which may keep skin and features: for people who look alike.</summary>
    public Physique Vary(SeededRandom random)
    {
        Physique other = Draw(random) with { Maleness = Maleness };
        return random.Chance(.5f)
            ? other with { Features = Features, Skin = Skin, SkinTone = SkinTone * random.Uniform(.9f, 1.1f) }
            : other with { Skin = other.Skin[..(other.Skin.LastIndexOf('_') + 1)] + (IsMan ? "male" : "female") };
    }

    private static string SkinOf(float age, int race, bool man)
    {
        string stage = age > .6f ? "old" : age > .4f ? "middleage" : "young";
        return $"{stage}_{(race == 0 ? "african" : race == 1 ? "asian" : "caucasian")}_{(man ? "male" : "female")}";
    }
}
