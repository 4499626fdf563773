using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>A size in pixels.</summary>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
[StructLayout(LayoutKind.Sequential)]
public record struct Size(int Width, int Height)
{
    /// <summary>Width.</summary>
    public int Width = Width;

    /// <summary>Height.</summary>
    public int Height = Height;

    /// <summary>Cuts the fractions off.</summary>
    public Size(double width, double height)
        : this((int)width, (int)height)
    {
    }
}

/// <summary>A rectangle in whole pixels; right and bottom edge are outside.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
[StructLayout(LayoutKind.Sequential)]
public record struct Rect(int X, int Y, int Width, int Height)
{
    /// <summary>Left edge.</summary>
    public int X = X;

    /// <summary>Top edge.</summary>
    public int Y = Y;

    /// <summary>Width.</summary>
    public int Width = Width;

    /// <summary>Height.</summary>
    public int Height = Height;

    /// <summary>Left edge.</summary>
    public readonly int Left => X;

    /// <summary>Top edge.</summary>
    public readonly int Top => Y;

    /// <summary>Behind the last column.</summary>
    public readonly int Right => X + Width;

    /// <summary>Behind the last row.</summary>
    public readonly int Bottom => Y + Height;

    /// <summary>Size.</summary>
    public readonly Size Size => new(Width, Height);

    /// <summary>From the edges.</summary>
    public static Rect FromLTRB(int left, int top, int right, int bottom) => new(left, top, right - left, bottom - top);

    /// <summary>Whether they have a pixel in common.</summary>
    public readonly bool IntersectsWith(Rect rect) => X < rect.Right && Right > rect.X && Y < rect.Bottom && Bottom > rect.Y;

    /// <summary>Smallest rectangle around both.</summary>
    public static Rect Union(Rect a, Rect b) =>
        FromLTRB(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Max(a.Right, b.Right), Math.Max(a.Bottom, b.Bottom));

    /// <summary>Smallest rectangle around both.</summary>
    public readonly Rect Union(Rect rect) => Union(this, rect);
}

/// <summary>Four values, one a channel; colours in the order of the picture's channels (BGR).</summary>
/// <param name="Val0">First channel.</param>
/// <param name="Val1">Second channel.</param>
/// <param name="Val2">Third channel.</param>
/// <param name="Val3">Fourth channel.</param>
[StructLayout(LayoutKind.Sequential)]
public record struct Scalar(double Val0, double Val1, double Val2, double Val3)
{
    /// <summary>First channel.</summary>
    public double Val0 = Val0;

    /// <summary>Second channel.</summary>
    public double Val1 = Val1;

    /// <summary>Third channel.</summary>
    public double Val2 = Val2;

    /// <summary>Fourth channel.</summary>
    public double Val3 = Val3;

    /// <summary>The other channels are 0.</summary>
    public Scalar(double val0)
        : this(val0, 0, 0, 0)
    {
    }

    /// <summary>The other channels are 0.</summary>
    public Scalar(double val0, double val1)
        : this(val0, val1, 0, 0)
    {
    }

    /// <summary>The fourth channel is 0.</summary>
    public Scalar(double val0, double val1, double val2)
        : this(val0, val1, val2, 0)
    {
    }

    /// <summary>Channel 0 to 3.</summary>
    public double this[int i]
    {
        readonly get => i switch
        {
            0 => Val0,
            1 => Val1,
            2 => Val2,
            3 => Val3,
            _ => throw new ArgumentOutOfRangeException(nameof(i)),
        };
        set
        {
            switch (i)
            {
                case 0: Val0 = value; break;
                case 1: Val1 = value; break;
                case 2: Val2 = value; break;
                case 3: Val3 = value; break;
                default: throw new ArgumentOutOfRangeException(nameof(i));
            }
        }
    }

    /// <summary>The same value in all four.</summary>
    public static Scalar All(double v) => new(v, v, v, v);
}

/// <summary>Three bytes: a BGR pixel.</summary>
/// <param name="item0">Blue.</param>
/// <param name="item1">Green.</param>
/// <param name="item2">Red.</param>
[StructLayout(LayoutKind.Sequential)]
public struct Vec3b(byte item0, byte item1, byte item2) : IEquatable<Vec3b>
{
    /// <summary>Blue.</summary>
    public byte Item0 = item0;

    /// <summary>Green.</summary>
    public byte Item1 = item1;

    /// <summary>Red.</summary>
    public byte Item2 = item2;

    /// <summary>Equal in all three.</summary>
    public static bool operator ==(Vec3b a, Vec3b b) => a.Equals(b);

    /// <summary>Different in one.</summary>
    public static bool operator !=(Vec3b a, Vec3b b) => !a.Equals(b);

    /// <inheritdoc/>
    public readonly bool Equals(Vec3b other) => (Item0, Item1, Item2) == (other.Item0, other.Item1, other.Item2);

    /// <inheritdoc/>
    public readonly override bool Equals(object? obj) => obj is Vec3b other && Equals(other);

    /// <inheritdoc/>
    public readonly override int GetHashCode() => HashCode.Combine(Item0, Item1, Item2);

    /// <inheritdoc/>
    public readonly override string ToString() => $"{nameof(Vec3b)} ({Item0}, {Item1}, {Item2})";
}
