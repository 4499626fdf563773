namespace Pipeline.Rendering.Sites.Plans;

/// <summary>What kind of place an area is.</summary>
internal enum AreaKind
{
    Corridor,
    Hall,

    /// <summary>Under the sky.</summary>
    Yard,
}
