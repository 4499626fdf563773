using Pipeline.Rendering.Sites.Walks;

namespace Pipeline.Rendering.Sites.Filming;

/// <summary>Somebody in front of a camera.</summary>
/// <param name="Id">Their number in the truth.</param>
/// <param name="Person">Who, dressed.</param>
/// <param name="Pose">How.</param>
/// <param name="Where">Where.</param>
internal sealed record Appearance(int Id, Person Person, Pose Pose, Whereabouts Where)
{
    /// <summary>The place on the floor.</summary>
    public Vector3 At => new(Where.At.X, 0, Where.At.Y);
}

/// <summary>Truth of one person in one frame.</summary>
/// <param name="Id">Who.</param>
/// <param name="Box">Round the whole person, hidden parts too, cut at the edges of the picture; elements.</param>
/// <param name="Visibility">Share of the person that the frame shows, 0 to 1.</param>
internal readonly record struct Seen(int Id, Box Box, float Visibility);
