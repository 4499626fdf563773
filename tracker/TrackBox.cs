using Pipeline.Detector;

namespace Pipeline.Tracker;

/// <summary>A box in double precision, as the filter keeps it: left, top, width, height in pixels.</summary>
internal readonly record struct TrackBox(double X, double Y, double Width, double Height)
{
    internal double Right => X + Width;

    internal double Bottom => Y + Height;

    internal double CentreX => X + (Width / 2);

    internal double CentreY => Y + (Height / 2);

    internal double Aspect => Width / Height;

    internal static TrackBox From(in Box box) => new(box.X, box.Y, Math.Max(1e-3, box.Width), Math.Max(1e-3, box.Height));

    /// <summary>Share of the common height in the height of both together, 0 to 1.</summary>
    internal double HeightOverlap(in TrackBox other)
    {
        double common = Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Y, other.Y));
        return common / (Height + other.Height - common);
    }

    /// <summary>The box with a share of its size added on every side.</summary>
    internal TrackBox Grow(double share) => new(X - (share * Width), Y - (share * Height), Width * (1 + (2 * share)), Height * (1 + (2 * share)));

    internal TrackBox Move(double x, double y) => this with { X = X + x, Y = Y + y };

    internal Box ToBox() => new((float)X, (float)Y, (float)Width, (float)Height);

    /// <summary>Share of another box that this one covers, 0 to 1.</summary>
    internal double ShareOf(in TrackBox other)
    {
        double width = Math.Min(Right, other.Right) - Math.Max(X, other.X);
        double height = Math.Min(Bottom, other.Bottom) - Math.Max(Y, other.Y);
        return width <= 0 || height <= 0 ? 0 : width * height / (other.Width * other.Height);
    }

    internal double IoU(in TrackBox other)
    {
        double width = Math.Min(Right, other.Right) - Math.Max(X, other.X);
        double height = Math.Min(Bottom, other.Bottom) - Math.Max(Y, other.Y);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        double intersection = width * height;
        return intersection / ((Width * Height) + (other.Width * other.Height) - intersection);
    }

    /// <summary>The box at a share 0..1 of the straight way to another.</summary>
    internal TrackBox Towards(in TrackBox end, double share) => new(
        X + ((end.X - X) * share), Y + ((end.Y - Y) * share), Width + ((end.Width - Width) * share), Height + ((end.Height - Height) * share));
}
