namespace Pipeline.Rendering.Fabrics;

/// <summary>Colours as people wear them, in linear light.</summary>
internal static class Colours
{
    /// <summary>Display value to linear light, near enough (gamma 2).</summary>
    public static Vector3 Linear(Vector3 display) => display * display;

    /// <summary>From hue (whole turns), saturation and value of the display.</summary>
    public static Vector3 Hsv(float hue, float saturation, float value)
    {
        float sixth = (hue - MathF.Floor(hue)) * 6, part = sixth - MathF.Floor(sixth);
        float p = value * (1 - saturation), q = value * (1 - (saturation * part)), t = value * (1 - (saturation * (1 - part)));
        return Linear((int)sixth switch
        {
            0 => new Vector3(value, t, p),
            1 => new Vector3(q, value, p),
            2 => new Vector3(p, value, t),
            3 => new Vector3(p, q, value),
            4 => new Vector3(t, p, value),
            _ => new Vector3(value, p, q),
        });
    }

    /// <summary>Upper clothes on the street: dark and grey rule, one in six has a strong colour.</summary>
    public static Vector3 Upper(SeededRandom random) => Of(random, random.Weighted(24, 14, 13, 20, 11, 5, 16));

    /// <summary>Lower clothes: darker and bluer.</summary>
    public static Vector3 Lower(SeededRandom random) => Of(random, random.Weighted(32, 14, 16, 5, 12, 18, 3));

    /// <summary>Either.</summary>
    public static Vector3 Any(SeededRandom random) => random.Chance(.5f) ? Lower(random) : Upper(random);

    /// <summary>Near white or near black.</summary>
    public static Vector3 Contrast(SeededRandom random) =>
        Hsv(random.Uniform(), random.Uniform(0, .1f), random.Chance(.5f) ? random.Uniform(.7f, .95f) : random.Uniform(.08f, .25f));

    /// <summary>Denim from nearly black to washed out.</summary>
    public static Vector3 Denim(SeededRandom random) => Hsv(random.Uniform(.57f, .64f), random.Uniform(.2f, .6f), random.Uniform(.18f, .65f));

    /// <summary>Hair.</summary>
    public static Vector3 Hair(SeededRandom random) => random.Weighted(52, 25, 12, 5, 5, 1) switch
    {
        0 => Hsv(.07f, .3f, random.Uniform(.1f, .18f)),
        1 => Hsv(.06f, .5f, random.Uniform(.18f, .3f)),
        2 => Hsv(.07f, .55f, random.Uniform(.3f, .45f)),
        3 => Hsv(.11f, .5f, random.Uniform(.6f, .8f)),
        4 => Hsv(.1f, .05f, random.Uniform(.4f, .75f)),
        _ => Hsv(random.Uniform(-.1f, .05f), .7f, random.Uniform(.3f, .5f)),
    };

    /// <summary>Grey within bounds, tinted a little: walls, ground, metal.</summary>
    public static Vector3 Grey(SeededRandom random, float low, float high, float tint)
    {
        float value = random.Uniform(low, high);
        return Vector3.Max(
            new Vector3(.01f),
            value * new Vector3(1 + (tint * random.Normal()), 1 + (.5f * tint * random.Normal()), 1 + (tint * random.Normal())));
    }

    private static Vector3 Of(SeededRandom random, int kind) => kind switch
    {
        0 => Hsv(random.Uniform(), random.Uniform(0, .25f), random.Uniform(.08f, .22f)), // black
        1 => Hsv(random.Uniform(), random.Uniform(0, .1f), random.Uniform(.25f, .7f)), // grey
        2 => Hsv(random.Uniform(.58f, .68f), random.Uniform(.35f, .8f), random.Uniform(.18f, .4f)), // navy
        3 => Hsv(random.Uniform(), random.Uniform(0, .07f), random.Uniform(.8f, .97f)), // white
        4 => Hsv(random.Uniform(.05f, .13f), random.Uniform(.15f, .6f), random.Uniform(.3f, .8f)), // beige, brown, khaki
        5 => Denim(random),
        _ => Hsv(StrongHue(random), random.Uniform(.3f, .85f), random.Uniform(.25f, .85f)),
    };

    private static float StrongHue(SeededRandom random) => random.Weighted(35, 25, 12, 10, 18) switch
    {
        0 => random.Uniform(-.06f, .04f), // red, pink
        1 => random.Uniform(.53f, .68f), // blue
        2 => random.Uniform(.08f, .16f), // orange, yellow
        3 => random.Uniform(.25f, .5f), // green
        _ => random.Uniform(),
    };
}
