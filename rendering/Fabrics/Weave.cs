namespace Pipeline.Rendering.Fabrics;

/// <summary>The pattern of a cloth.</summary>
internal enum Weave
{
    Plain,
    Across,
    Upright,
    Plaid,
    Check,
    Dots,
    Camouflage,
    Heather,
    Fade,
    Denim,
    Floral,
    Diagonal,
    Blocks,
}
