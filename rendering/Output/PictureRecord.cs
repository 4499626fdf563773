namespace Pipeline.Rendering.Output;

/// <summary>A picture of the set.</summary>
/// <param name="Person">Number of the person.</param>
/// <param name="Camera">Number of the camera, from 0.</param>
/// <param name="Number">Number among the pictures of this person by this camera, from 0.</param>
internal readonly record struct PictureRecord(int Person, int Camera, int Number)
{
    /// <summary>What it is for. In a set to measure on, the first picture of each camera asks and the others are searched.</summary>
    /// <param name="heldOut">Whether the set is one to measure on.</param>
    public string Role(bool heldOut) => (heldOut, Number) switch
    {
        (false, _) => "train",
        (true, 0) => "query",
        _ => "gallery",
    };
}
