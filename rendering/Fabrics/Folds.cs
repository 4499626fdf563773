namespace Pipeline.Rendering.Fabrics;

/// <summary>
/// Folds of worn cloth as turned normals. They run as cloth does: rings where a limb bends and at cuffs and ankles, upright where cloth
/// hangs (hem, thigh, skirt), slanting over the trunk.
/// </summary>
internal static class Folds
{
    /// <summary>Turns a normal, and returns the factor by which the sky's light changes in the fold.</summary>
    public static float Bend(ref Vector3 normal, in SurfacePoint at, float depth, float shift)
    {
        (float rings, float upright, float slant) = Directions(at);
        float u = at.Around, v = at.Along;
        int ring = NoiseField.Index((u * 7) + shift, (v * 20) + (u * 3)), tall = NoiseField.Index((u * 19) + (shift * 3), (v * 4.5f) + shift);
        int across = NoiseField.Index((u * 13) + (v * 7) + shift, (v * 13) - (u * 6) + (shift * 5)), fine = NoiseField.Index((u * 34) + (shift * 7), (v * 21) - (u * 9));
        float slopeX = Weigh(NoiseField.CreaseSlopeX), slopeY = Weigh(NoiseField.CreaseSlopeY);
        Vector3 level = Vector3.Cross(Vector3.UnitY, normal);
        float length = level.Length();
        if (length > .05f)
        {
            level /= length;
            normal = Vector3.Normalize(normal - (level * slopeX) - (Vector3.Cross(normal, level) * slopeY));
        }

        return MathF.Max(.35f, 1 + (.6f * Weigh(NoiseField.Creases)));

        float Weigh(NoiseField field) =>
            depth * ((rings * field.At(ring)) + (upright * field.At(tall)) + (slant * field.At(across)) + (.3f * field.At(fine))) * .62f;
    }

    private static (float Rings, float Upright, float Slant) Directions(in SurfacePoint at)
    {
        if (at.Arm >= 0)
        {
            return ((1.1f * Peak((at.Arm - .5f) * 6)) + (.8f * Peak((at.Arm - .95f) * 8)), .2f, .5f);
        }

        if (at.Drop > .08f)
        {
            return (
                (.8f * Peak((at.Drop - .5f) * 9)) + (1.2f * Peak((at.Drop - .97f) * 9)), .55f,
                .25f + (.7f * Peak((at.Drop - .1f) * 9)) + (.5f * Peak((at.Drop - .45f) * 8)));
        }

        return (.5f * Peak((at.Drop + .1f) * 12), .2f + (.6f * Peak((at.Drop - .05f) * 6)), .75f);
    }

    private static float Peak(float x) => 1 / (1 + (x * x));
}
