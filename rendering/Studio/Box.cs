namespace Pipeline.Rendering.Studio;

/// <summary>A box on the image plane.</summary>
/// <param name="Left">Its left edge.</param>
/// <param name="Top">Its top edge.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
internal readonly record struct Box(float Left, float Top, float Width, float Height)
{
    /// <summary>Width over height.</summary>
    public float Aspect => Width / Height;
}
