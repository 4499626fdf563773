namespace Pipeline.Detector;

/// <summary>An axis-aligned box in pixels of the full frame: left, top, width, height; may reach beyond the picture.</summary>
/// <param name="X">Left edge, pixels.</param>
/// <param name="Y">Top edge, pixels.</param>
/// <param name="Width">Width, pixels, not negative.</param>
/// <param name="Height">Height, pixels, not negative.</param>
public readonly record struct Box(float X, float Y, float Width, float Height)
{
    /// <summary>Right edge.</summary>
    public float Right => X + Width;

    /// <summary>Bottom edge.</summary>
    public float Bottom => Y + Height;

    /// <summary>Area in square pixels.</summary>
    public float Area => Width * Height;

    /// <summary>Intersection over union on continuous coordinates, 0 to 1; 0 where either box has no area.</summary>
    /// <param name="other">The other box.</param>
    public float IoU(in Box other)
    {
        float width = MathF.Min(Right, other.Right) - MathF.Max(X, other.X);
        float height = MathF.Min(Bottom, other.Bottom) - MathF.Max(Y, other.Y);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        float intersection = width * height;
        return intersection / (Area + other.Area - intersection);
    }
}
