namespace Pipeline.Rendering.Raster;

/// <summary>A pinhole camera: where it is, its axes, and how its image plane becomes picture elements.</summary>
/// <param name="Eye">Where it is, decimetres.</param>
/// <param name="Right">Unit vector to the right of the picture.</param>
/// <param name="Up">Unit vector to its top.</param>
/// <param name="Forward">Unit vector of the axis.</param>
/// <param name="Scale">Picture elements for one unit of x/z.</param>
/// <param name="CentreX">Where the axis meets the picture.</param>
/// <param name="CentreY">The same, downwards.</param>
internal readonly record struct View(Vector3 Eye, Vector3 Right, Vector3 Up, Vector3 Forward, float Scale, float CentreX, float CentreY)
{
    /// <summary>A camera at a place that looks at another, turned about its axis.</summary>
    public static View LookAt(Vector3 eye, Vector3 target, float roll)
    {
        Vector3 forward = Vector3.Normalize(target - eye), right = Vector3.Normalize(Vector3.Cross(forward, Vector3.UnitY)), up = Vector3.Cross(right, forward);
        (float sine, float cosine) = MathF.SinCos(roll);
        return new View(eye, (right * cosine) + (up * sine), (up * cosine) - (right * sine), forward, 1, 0, 0);
    }

    /// <summary>Where a point is in the picture, and how far along the axis; points behind the camera come out at depth 1.</summary>
    public Vector3 Project(Vector3 point)
    {
        Vector3 from = point - Eye;
        float depth = MathF.Max(1, Vector3.Dot(from, Forward)), scale = Scale / depth;
        return new Vector3((Vector3.Dot(from, Right) * scale) + CentreX, CentreY - (Vector3.Dot(from, Up) * scale), depth);
    }

    /// <summary>Direction through a picture element; as long as needed to advance one unit along the axis.</summary>
    public Vector3 Ray(float x, float y) => Forward + (Right * ((x - CentreX) / Scale)) - (Up * ((y - CentreY) / Scale));
}
