using Pipeline.Detector;

namespace Pipeline.Tracker;

/// <summary>Where somebody stands in a picture: the middle of a box's lower edge, as shares of the picture, 0 to 1, from its upper left corner.</summary>
/// <param name="X">Share of the width.</param>
/// <param name="Y">Share of the height.</param>
public readonly record struct FootPoint(float X, float Y)
{
    /// <summary>The foot point of a box; of one that reaches beyond the picture the nearest point within.</summary>
    /// <param name="box">The box, pixels.</param>
    /// <param name="frameWidth">Width of the picture in pixels.</param>
    /// <param name="frameHeight">Height of the picture in pixels.</param>
    /// <returns>The point; null for a picture without extent.</returns>
    public static FootPoint? Of(in Box box, int frameWidth, int frameHeight) => frameWidth <= 0 || frameHeight <= 0
        ? null
        : new FootPoint(Math.Clamp((box.X + (box.Width / 2)) / frameWidth, 0, 1), Math.Clamp((box.Y + box.Height) / frameHeight, 0, 1));

    internal float SquaredDistance(FootPoint other) => ((X - other.X) * (X - other.X)) + ((Y - other.Y) * (Y - other.Y));
}
