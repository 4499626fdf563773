namespace Pipeline.Rendering.Fabrics;

/// <summary>Folds of worn cloth as turned normals: stronger at elbow, cuff, waist, crotch, knee and ankle.</summary>
internal static class Folds
{
    /// <summary>Turns a normal, and returns the factor by which the sky's light changes in the fold.</summary>
    public static float Bend(ref Vector3 normal, in SurfacePoint at, float depth, float shift)
    {
        float strength = depth * (at.Arm >= 0
            ? .55f + (.9f * Peak((at.Arm - .5f) * 7)) + (.6f * Peak((at.Arm - .95f) * 8))
            : .55f + (.8f * Peak((at.Drop + .1f) * 12)) + (.8f * Peak((at.Drop - .5f) * 9)) + (.9f * Peak((at.Drop - .95f) * 10)) + (.4f * Peak((at.Drop - .1f) * 9)));
        float u = at.Around, v = at.Along;
        int broad = NoiseField.Index((u * 15) + (v * 6) + shift, (v * 12) - (u * 5) + (shift * 3)), fine = NoiseField.Index((u * 30) + (shift * 7), (v * 17) - (u * 9));
        float slopeX = (NoiseField.CreaseSlopeX.At(broad) + (.45f * NoiseField.CreaseSlopeX.At(fine))) * strength * .6f;
        float slopeY = (NoiseField.CreaseSlopeY.At(broad) + (.45f * NoiseField.CreaseSlopeY.At(fine))) * strength * .6f;
        Vector3 level = Vector3.Cross(Vector3.UnitY, normal);
        float length = level.Length();
        if (length > .05f)
        {
            level /= length;
            normal = Vector3.Normalize(normal - (level * slopeX) - (Vector3.Cross(normal, level) * slopeY));
        }

        return 1 + (.45f * strength * NoiseField.Creases.At(broad));
    }

    private static float Peak(float x) => 1 / (1 + (x * x));
}
