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

/// <summary>A point in whole pixels.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Down.</param>
[StructLayout(LayoutKind.Sequential)]
public record struct Point(int X, int Y)
{
    /// <summary>To the right.</summary>
    public int X = X;

    /// <summary>Down.</summary>
    public int Y = Y;

    /// <summary>Cuts the fractions off.</summary>
    public Point(double x, double y)
        : this((int)x, (int)y)
    {
    }

    /// <summary>Sum.</summary>
    public static Point operator +(Point p1, Point p2) => new(p1.X + p2.X, p1.Y + p2.Y);

    /// <summary>Difference.</summary>
    public static Point operator -(Point p1, Point p2) => new(p1.X - p2.X, p1.Y - p2.Y);
}

/// <summary>A point with fractions.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Down.</param>
[StructLayout(LayoutKind.Sequential)]
public record struct Point2f(float X, float Y)
{
    /// <summary>To the right.</summary>
    public float X = X;

    /// <summary>Down.</summary>
    public float Y = Y;
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

    /// <summary>From corner and size.</summary>
    public Rect(Point location, Size size)
        : this(location.X, location.Y, size.Width, size.Height)
    {
    }

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

    /// <summary>Top left corner.</summary>
    public readonly Point TopLeft => new(X, Y);

    /// <summary>Bottom right corner, outside.</summary>
    public readonly Point BottomRight => new(Right, Bottom);

    /// <summary>Moved by a vector.</summary>
    public static Rect operator +(Rect rect, Point pt) => rect with { X = rect.X + pt.X, Y = rect.Y + pt.Y };

    /// <summary>Moved back by a vector.</summary>
    public static Rect operator -(Rect rect, Point pt) => rect with { X = rect.X - pt.X, Y = rect.Y - pt.Y };

    /// <summary>Common part.</summary>
    public static Rect operator &(Rect a, Rect b) => Intersect(a, b);

    /// <summary>Smallest rectangle around both.</summary>
    public static Rect operator |(Rect a, Rect b) => Union(a, b);

    /// <summary>From the edges.</summary>
    public static Rect FromLTRB(int left, int top, int right, int bottom) => new(left, top, right - left, bottom - top);

    /// <summary>Common part; empty at 0,0 when there is none.</summary>
    public static Rect Intersect(Rect a, Rect b)
    {
        int left = Math.Max(a.X, b.X), right = Math.Min(a.Right, b.Right);
        int top = Math.Max(a.Y, b.Y), bottom = Math.Min(a.Bottom, b.Bottom);
        return right >= left && bottom >= top ? FromLTRB(left, top, right, bottom) : default;
    }

    /// <summary>Common part; empty at 0,0 when there is none.</summary>
    public readonly Rect Intersect(Rect rect) => Intersect(this, rect);

    /// <summary>Whether they have a pixel in common.</summary>
    public readonly bool IntersectsWith(Rect rect) => X < rect.Right && Right > rect.X && Y < rect.Bottom && Bottom > rect.Y;

    /// <summary>Smallest rectangle around both.</summary>
    public static Rect Union(Rect a, Rect b) =>
        FromLTRB(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Max(a.Right, b.Right), Math.Max(a.Bottom, b.Bottom));

    /// <summary>Smallest rectangle around both.</summary>
    public readonly Rect Union(Rect rect) => Union(this, rect);

    /// <summary>Whether the pixel is inside.</summary>
    public readonly bool Contains(int x, int y) => X <= x && Y <= y && Right > x && Bottom > y;

    /// <summary>Whether the pixel is inside.</summary>
    public readonly bool Contains(Point pt) => Contains(pt.X, pt.Y);

    /// <summary>Whether the other is inside.</summary>
    public readonly bool Contains(Rect rect) => X <= rect.X && rect.Right <= Right && Y <= rect.Y && rect.Bottom <= Bottom;

    /// <summary>Grows on all four sides.</summary>
    public void Inflate(int width, int height)
    {
        X -= width;
        Y -= height;
        Width += 2 * width;
        Height += 2 * height;
    }
}

/// <summary>Four values, one a channel; colours in the order of the picture's channels (BGR).</summary>
/// <param name="Val0">First channel.</param>
/// <param name="Val1">Second channel.</param>
/// <param name="Val2">Third channel.</param>
/// <param name="Val3">Fourth channel.</param>
[StructLayout(LayoutKind.Sequential)]
public record struct Scalar(double Val0, double Val1, double Val2, double Val3)
{
    /// <summary>Black.</summary>
    public static readonly Scalar Black = FromRgb(0, 0, 0);

    /// <summary>White.</summary>
    public static readonly Scalar White = FromRgb(255, 255, 255);

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

    /// <summary>A number in the first channel.</summary>
    public static explicit operator Scalar(double val) => new(val);

    /// <summary>A colour as BGR.</summary>
    public static Scalar FromRgb(int r, int g, int b) => new(b, g, r);

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
