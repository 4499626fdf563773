namespace Pipeline.Rendering.Raster;

/// <summary>Light of one picture: a sun (or lamp), the sky, and what the ground throws back. Linear.</summary>
/// <param name="Sun">Direction towards it, unit length.</param>
/// <param name="SunColour">Its strength by colour.</param>
/// <param name="Sky">Light from above.</param>
/// <param name="Ground">Light from below.</param>
internal sealed record Light(Vector3 Sun, Vector3 SunColour, Vector3 Sky, Vector3 Ground)
{
    /// <summary>From all round, for what stands far off.</summary>
    public Vector3 Ambient => (Sky + Ground) * .5f;
}
