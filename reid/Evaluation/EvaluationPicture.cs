namespace Pipeline.Reid.Evaluation;

/// <summary>Which side of an evaluation a picture is on.</summary>
public enum PictureRole
{
    /// <summary>It asks, and answers to the others.</summary>
    Both,

    /// <summary>It asks.</summary>
    Query,

    /// <summary>It answers.</summary>
    Gallery,
}

/// <summary>A labelled picture of an evaluation.</summary>
/// <param name="Path">The file.</param>
/// <param name="Role">Which side it is on.</param>
/// <param name="Person">Name of the person; <c>-1</c> is junk, <c>0</c> or zeros a distractor.</param>
/// <param name="Camera">Name of the camera.</param>
/// <param name="View">Number of the direction the person is seen from, counted around in eighths; null when unknown.</param>
/// <param name="Tracklet">Number of the tracklet within person and camera, where pictures come as tracklets; else 0.</param>
public sealed record EvaluationPicture(string Path, PictureRole Role, string Person, string Camera, int? View, int Tracklet = 0);
