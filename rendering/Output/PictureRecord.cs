namespace Pipeline.Rendering.Output;

/// <summary>A picture of the set.</summary>
/// <param name="Person">Number of the person.</param>
/// <param name="Camera">Number of the camera, from 0.</param>
/// <param name="Number">Number among the pictures of this person by this camera, from 0.</param>
internal readonly record struct PictureRecord(int Person, int Camera, int Number)
{
    /// <summary>The first picture of each camera asks, the others are searched.</summary>
    public string Role => Number == 0 ? "query" : "gallery";
}
