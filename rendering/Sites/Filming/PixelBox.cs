namespace Pipeline.Rendering.Sites.Filming;

/// <summary>A part of a picture, whole elements.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Right">Behind the last column.</param>
/// <param name="Bottom">Behind the last row.</param>
internal readonly record struct PixelBox(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    /// <summary>Nothing is in it.</summary>
    public bool IsEmpty => Right <= Left || Bottom <= Top;

    /// <summary>The least one that holds both.</summary>
    public PixelBox With(PixelBox other) =>
        new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));

    /// <summary>Larger on all sides, within a picture.</summary>
    public PixelBox Grown(int by, int width, int height) =>
        new(Math.Max(0, Left - by), Math.Max(0, Top - by), Math.Min(width, Right + by), Math.Min(height, Bottom + by));

    /// <summary>Whether they share an element.</summary>
    public bool Meets(PixelBox other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;
}
