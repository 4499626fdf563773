namespace Pipeline.Rendering.Cameras;

/// <summary>
/// How boxes are cut in the pictures of a camera: to the person, as detectors do, or in a fixed shape, as hand-made sets have. Either way
/// the crop is stretched to the size asked for, so that people come out wide or narrow, as they do for every re-identification network.
/// </summary>
/// <param name="Aspect">Width over height; null: as wide as the person.</param>
/// <param name="Margin">Share of the person's width added when it is as wide as the person, at most.</param>
internal readonly record struct BoxStyle(float? Aspect, float Margin)
{
    /// <summary>Draws a camera's style.</summary>
    public static BoxStyle Draw(SeededRandom random) =>
        new(random.Chance(.45f) ? random.Uniform(.36f, .54f) : null, random.Uniform(.08f, .4f));
}
