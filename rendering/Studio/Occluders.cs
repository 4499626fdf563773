namespace Pipeline.Rendering.Studio;

/// <summary>Things in front of a person, painted over the picture: a pole, a table edge, a railing, a car, a fence.</summary>
internal static class Occluders
{
    private const float Share = .18f;

    /// <summary>Paints one in every fifth picture or so.</summary>
    public static void Draw(Span<Vector3> picture, int width, int height, Light light, SeededRandom random)
    {
        if (!random.Chance(Share))
        {
            return;
        }

        Vector3 ambient = (light.SunColour * .3f) + (light.Sky * .6f), first = Colours.Any(random) * ambient, second = Colours.Any(random) * ambient;
        Brush brush = new(picture, width, height, random.Uniform(0, 200));
        switch (random.Below(6))
        {
            case 0:
                float at = random.Uniform(0, 1), half = random.Uniform(.02f, .08f);
                brush.Slab(at - half, -.01f, at + half, 1, first, 0);
                break;
            case 1:
                brush.Slab(random.Uniform(-.6f, .4f), random.Uniform(.66f, .93f), random.Uniform(.7f, 1.6f), 1.01f, first, random.Uniform(0, .15f));
                break;
            case 2:
                bool left = random.Chance(.5f);
                float wide = random.Uniform(.1f, .4f);
                brush.Slab(left ? -.05f : 1 - wide, random.Uniform(-.1f, .5f), left ? wide : 1.05f, 1.01f, first, 0);
                break;
            case 3:
                Railing(brush, random.Uniform(.6f, .85f), first, second);
                break;
            case 4:
                float roof = random.Uniform(.55f, .8f), from = random.Uniform(-.7f, .1f);
                brush.Slab(from + .25f, roof, from + 1.2f, roof + .16f, new Vector3(.04f, .05f, .06f) * ambient, .3f);
                brush.Slab(from, roof + .13f, from + 1.5f, 1.01f, first, .12f);
                break;
            default:
                Fence(brush, random.Uniform(.6f, .85f), 5 + random.Below(8), first);
                break;
        }
    }

    private static void Railing(Brush brush, float top, Vector3 bars, Vector3 posts)
    {
        for (int i = 0; i < 3; i++)
        {
            brush.Slab(-.01f, top + (i * .06f), 1.01f, top + (i * .06f) + .035f, bars, 0);
        }

        brush.Slab(.2f, top, .26f, 1, posts, 0);
        brush.Slab(.8f, top, .86f, 1, posts, 0);
    }

    private static void Fence(Brush brush, float top, int bars, Vector3 colour)
    {
        for (int i = 0; i < bars; i++)
        {
            brush.Slab(i / (float)bars, top, (i / (float)bars) + .02f, 1.01f, colour, 0);
        }

        brush.Slab(-.01f, top, 1.01f, top + .03f, colour, 0);
    }

    /// <summary>Paints slabs that look a little rounded and worn. Places are shares of the picture.</summary>
    private readonly ref struct Brush(Span<Vector3> picture, int width, int height, float shift)
    {
        private readonly Span<Vector3> _picture = picture;

        public void Slab(float left, float top, float right, float bottom, Vector3 colour, float round)
        {
            for (int y = Math.Max(0, (int)(top * height)); y < MathF.Min(height, bottom * height); y++)
            {
                for (int x = Math.Max(0, (int)(left * width)); x < MathF.Min(width, right * width); x++)
                {
                    float u = ((x / (float)width) - left) / (right - left), v = ((y / (float)height) - top) / (bottom - top);
                    float cornerX = round - MathF.Min(u, 1 - u), cornerY = round - v;
                    if (cornerX > 0 && cornerY > 0 && (cornerX * cornerX) + (cornerY * cornerY) > round * round)
                    {
                        continue;
                    }

                    float shade = .75f + (.45f * MathF.Sin(MathF.PI * ((u * .8f) + .1f))) - (.25f * v);
                    _picture[(y * width) + x] = colour * (shade * (1 + (.12f * NoiseField.Broad.Smooth((x * .9f) + shift, y * .9f))));
                }
            }
        }
    }
}
