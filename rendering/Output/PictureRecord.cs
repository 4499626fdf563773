namespace Pipeline.Rendering.Output;

/// <summary>What a picture is for.</summary>
internal enum PictureRole
{
    Train,
    Query,
    Gallery,
}

/// <summary>A picture of the set.</summary>
/// <param name="Person">Number of the person.</param>
/// <param name="Camera">Number of the camera, from 0.</param>
/// <param name="Number">Number among the pictures of this person by this camera, from 0.</param>
/// <param name="Role">What it is for.</param>
internal readonly record struct PictureRecord(int Person, int Camera, int Number, PictureRole Role);
