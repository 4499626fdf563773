namespace Pipeline.Rendering.Studio;

/// <summary>A detector's imperfect box round a person.</summary>
internal static class BoxDraw
{
    /// <summary>Draws a box.</summary>
    /// <param name="bounds">The person on the image plane.</param>
    /// <param name="random">Stream of the picture.</param>
    /// <returns>Middle of the box (X), its top (Y), nothing (Z) and its height (W), on the image plane.</returns>
    public static Vector4 Draw((Vector2 Low, Vector2 High) bounds, SeededRandom random)
    {
        float height = bounds.High.Y - bounds.Low.Y, top = bounds.Low.Y, bottom = bounds.High.Y, margin = height * random.Uniform(0, .1f);
        top -= margin * random.Uniform(.2f, 1.2f);
        bottom += margin * random.Uniform(.2f, 1.2f);
        switch (random.Weighted(.83f, .08f, .04f, .05f))
        {
            case 1: // feet and more cut off
                bottom -= height * random.Uniform(.05f, .35f);
                break;
            case 2: // head cut
                top += height * random.Uniform(.03f, .12f);
                break;
            case 3: // loose
                top -= height * random.Uniform(.05f, .25f);
                bottom += height * random.Uniform(0, .15f);
                break;
            default:
                break;
        }

        float middle = ((bounds.Low.X + bounds.High.X) / 2) + ((bottom - top) * random.Normal() * .035f);
        return new Vector4(middle, top, 0, bottom - top);
    }
}
