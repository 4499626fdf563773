namespace Pipeline.Rendering.Cameras;

/// <summary>Draws the light of a place: lamps under a roof, sun, or an overcast sky.</summary>
internal static class LightDraw
{
    /// <summary>Draws it.</summary>
    public static Light Draw(SeededRandom random, bool indoor)
    {
        if (indoor)
        {
            return Lamps(random);
        }

        float turn = random.Uniform(0, MathF.Tau), up = random.Uniform(.3f, 1.3f);
        Vector3 sun = new(MathF.Cos(up) * MathF.Sin(turn), MathF.Sin(up), MathF.Cos(up) * MathF.Cos(turn));
        if (random.Chance(.45f))
        {
            float strength = random.Uniform(1.1f, 2.4f);
            Vector3 colour = new Vector3(1.05f, .97f, random.Uniform(.7f, .92f)) * strength, blue = new Vector3(.8f, .93f, 1.15f) * random.Uniform(.4f, .75f);
            return new Light(sun, colour, blue, new Vector3(.3f, .28f, .24f) * (.4f + (.3f * strength)));
        }

        Vector3 overcast = new Vector3(.93f, .98f, 1.08f) * random.Uniform(.8f, 1.2f);
        return new Light(sun, new Vector3(1, .98f, .95f) * random.Uniform(.05f, .5f), overcast, overcast * random.Uniform(.2f, .4f));
    }

    private static Light Lamps(SeededRandom random)
    {
        Vector3 above = Vector3.Normalize(new Vector3(random.Uniform(-.8f, .8f), 1, random.Uniform(-.8f, .8f)));
        float warmth = random.Uniform(-.15f, .2f);
        Vector3 sky = new Vector3(1 + (warmth * .7f), 1, 1 - (warmth * .7f)) * random.Uniform(.5f, .9f);
        return new Light(above, new Vector3(1 + warmth, 1, 1 - warmth) * random.Uniform(.4f, 1.1f), sky, sky * random.Uniform(.3f, .7f));
    }
}
