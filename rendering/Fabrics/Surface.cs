namespace Pipeline.Rendering.Fabrics;

/// <summary>Where on a piece a picture element lies.</summary>
/// <param name="Around">As <see cref="ClothMap.Around"/>.</param>
/// <param name="Along">As <see cref="ClothMap.Along"/>.</param>
/// <param name="Arm">As <see cref="ClothMap.Arm"/>.</param>
/// <param name="Drop">As <see cref="ClothMap.Drop"/>.</param>
/// <param name="Texture">Texture coordinates.</param>
/// <param name="Rest">Position in the neutral body.</param>
internal readonly record struct SurfacePoint(float Around, float Along, float Arm, float Drop, Vector2 Texture, Vector3 Rest);

/// <summary>What a piece is covered with. Colours are linear light, 0 to 1.</summary>
internal abstract class Surface
{
    /// <summary>For pieces that have not got their surface yet.</summary>
    public static Surface None { get; } = new PlainSurface(new Vector3(.5f));

    /// <summary>Depth of folds, 0 none to about 1.</summary>
    public float Folds { get; init; }

    /// <summary>Strength of highlights.</summary>
    public float Shine { get; init; }

    /// <summary>Share of light that comes back, by colour.</summary>
    public abstract Vector3 Albedo(in SurfacePoint point);

    /// <summary>True where the surface has a hole.</summary>
    public virtual bool IsHole(Vector2 texture) => false;
}

/// <summary>One colour.</summary>
internal sealed class PlainSurface(Vector3 colour) : Surface
{
    /// <inheritdoc/>
    public override Vector3 Albedo(in SurfacePoint point) => colour;
}

/// <summary>Colour times the brightness of a texture: shoes.</summary>
internal sealed class TexturedSurface(Texture texture, Vector3 colour, float share) : Surface
{
    /// <inheritdoc/>
    public override Vector3 Albedo(in SurfacePoint point) =>
        colour * MathF.Min(1.8f, 1 + (share * ((texture.Light(point.Texture.X, point.Texture.Y) / texture.MeanLight) - 1)));
}

/// <summary>Hair: strands from a texture, which has holes.</summary>
internal sealed class HairSurface(Texture texture, Vector3 colour) : Surface
{
    /// <inheritdoc/>
    public override Vector3 Albedo(in SurfacePoint point) =>
        colour * (.35f + (.9f * texture.Light(point.Texture.X, point.Texture.Y) / texture.MeanLight));

    /// <inheritdoc/>
    public override bool IsHole(Vector2 texture1) => texture.Alpha(texture1.X, texture1.Y) < 110;
}

/// <summary>Skin, with cropped hair painted on the scalp when asked.</summary>
internal sealed class SkinSurface(Texture texture, float tone, Vector3? scalp) : Surface
{
    // The hairline runs from the nape up to the forehead.
    private const float NapeHeight = 7;
    private const float NapeDepth = -.39f;
    private const float Rise = .53f;

    /// <inheritdoc/>
    public override Vector3 Albedo(in SurfacePoint point)
    {
        Vector3 colour = Colours.Linear(texture.Colour(point.Texture.X, point.Texture.Y)) * tone;
        if (scalp is not { } hair)
        {
            return colour;
        }

        float above = point.Rest.Y - NapeHeight - (Rise * (point.Rest.Z - NapeDepth)) + (.12f * NoiseField.Broad.Smooth(point.Rest.X * 40, point.Rest.Y * 40));
        return Vector3.Lerp(colour, hair, .9f * Math.Clamp(above * 8, 0, 1));
    }
}

/// <summary>Cloth, shaded by a garment's texture where it has one (seams, pockets).</summary>
internal sealed class ClothSurface(Fabric fabric, Texture? texture = null, float share = 0) : Surface
{
    /// <inheritdoc/>
    public override Vector3 Albedo(in SurfacePoint point)
    {
        Vector3 colour = fabric.Colour(point);
        return texture is null
            ? colour
            : colour * Math.Clamp(1 + (share * ((texture.Light(point.Texture.X, point.Texture.Y) / texture.MeanLight) - 1)), .4f, 1.5f);
    }
}
