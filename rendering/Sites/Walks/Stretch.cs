namespace Pipeline.Rendering.Sites.Walks;

/// <summary>What somebody does for a while.</summary>
internal enum Doing
{
    Walking,
    Standing,
    Sitting,

    /// <summary>In a passage, where no camera looks.</summary>
    Passing,

    /// <summary>Out of the site.</summary>
    Away,
}

/// <summary>A piece of an itinerary.</summary>
/// <param name="Doing">What is done.</param>
/// <param name="Start">From when, seconds of the recording; may be negative.</param>
/// <param name="End">Until when.</param>
/// <param name="Area">Where; for <see cref="Doing.Passing"/> and <see cref="Doing.Away"/> the area just left.</param>
/// <param name="Way">The line walked, in the area's coordinates; a point where nobody walks.</param>
/// <param name="Facing">Of those who stay: looking where, radians.</param>
/// <param name="Walked">Decimetres walked before, in all.</param>
internal sealed record Stretch(Doing Doing, double Start, double End, int Area, Footway Way, float Facing, float Walked)
{
    /// <summary>In sight of a camera, or near it.</summary>
    public bool IsInArea => Doing <= Doing.Sitting;
}
