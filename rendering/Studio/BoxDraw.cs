namespace Pipeline.Rendering.Studio;

/// <summary>A detector's imperfect box round a person.</summary>
internal static class BoxDraw
{
    private const float Narrowest = .34f;
    private const float Widest = .6f;

    /// <summary>Draws a box.</summary>
    /// <param name="person">The person's bounds on the image plane.</param>
    /// <param name="style">How the camera's boxes are cut.</param>
    /// <param name="random">Stream of the picture.</param>
    public static Box Draw((Vector2 Low, Vector2 High) person, BoxStyle style, SeededRandom random)
    {
        float tall = person.High.Y - person.Low.Y, margin = tall * random.Uniform(0, .1f);
        float top = person.Low.Y - (margin * random.Uniform(.2f, 1.2f)), bottom = person.High.Y + (margin * random.Uniform(.2f, 1.2f));
        switch (random.Weighted(.8f, .09f, .05f, .06f))
        {
            case 1: // feet and more cut off
                bottom -= tall * random.Uniform(.05f, .35f);
                break;
            case 2: // head cut
                top += tall * random.Uniform(.03f, .12f);
                break;
            case 3: // loose
                top -= tall * random.Uniform(.05f, .25f);
                bottom += tall * random.Uniform(0, .15f);
                break;
            default:
                break;
        }

        float height = bottom - top, wide = (person.High.X - person.Low.X) * (1 + (style.Margin * random.Uniform(-.2f, 1)));
        float width = height * (style.Aspect ?? Math.Clamp(wide / height, Narrowest, Widest));
        float middle = ((person.Low.X + person.High.X) / 2) + (height * random.Normal() * .03f);
        return new Box(middle - (width / 2), top, width, height);
    }
}
