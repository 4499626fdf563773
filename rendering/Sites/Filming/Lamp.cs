namespace Pipeline.Rendering.Sites.Filming;

/// <summary>A source of light.</summary>
/// <param name="At">Where it hangs, decimetres; for the sun the unit vector towards it.</param>
/// <param name="Colour">Light on a surface that faces it at <paramref name="Reach"/>.</param>
/// <param name="Reach">Distance at which it gives its colour, decimetres; 0 for the sun.</param>
internal readonly record struct Lamp(Vector3 At, Vector3 Colour, float Reach)
{
    /// <summary>Light that would arrive at a point, and from where, if nothing is between.</summary>
    public (Vector3 Colour, Vector3 Towards, float Distance) Reaching(Vector3 point)
    {
        if (Reach == 0)
        {
            return (Colour, At, 4000);
        }

        Vector3 way = At - point;
        float distance = MathF.Max(3, way.Length());
        Vector3 towards = way / distance;
        float share = Reach * Reach / (distance * distance) * (.25f + (.75f * MathF.Max(0, towards.Y))); // it shines down more than aside
        return (Colour * MathF.Min(2.5f, share), towards, distance);
    }
}
