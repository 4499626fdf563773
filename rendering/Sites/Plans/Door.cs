namespace Pipeline.Rendering.Sites.Plans;

/// <summary>The walls of an area, in the order of a walk round it. Its first camera hangs on the near one; left is +x, as that camera sees it.</summary>
internal enum Side
{
    Near,
    Left,
    Far,
    Right,
}

/// <summary>An opening in a wall. Behind it a lobby turns round a corner, so that whoever leaves is soon out of sight.</summary>
/// <param name="Side">The wall.</param>
/// <param name="At">Its middle along the wall: x on the near and far walls, z on the others; decimetres.</param>
/// <param name="Width">How wide it is.</param>
/// <param name="Turn">Where the lobby turns: 1 towards growing <paramref name="At"/>, -1 the other way.</param>
internal sealed record Door(Side Side, float At, float Width, int Turn)
{
    /// <summary>How far the lobby reaches out of the wall.</summary>
    public const float LobbyDepth = 36;

    /// <summary>How wide its side branch is, measured outwards.</summary>
    public const float BranchWidth = 18;

    /// <summary>How far the branch goes aside, from the middle of the door.</summary>
    public const float BranchLength = 40;

    /// <summary>Steps from the wall to where a person is out of everybody's sight.</summary>
    public static float LobbyWay => LobbyDepth - (BranchWidth / 2) + BranchLength - 6;

    /// <summary>Unit vector out of the area.</summary>
    public Vector2 Outwards => Side switch
    {
        Side.Near => -Vector2.UnitY,
        Side.Far => Vector2.UnitY,
        Side.Left => Vector2.UnitX,
        _ => -Vector2.UnitX,
    };

    /// <summary>Unit vector along the wall.</summary>
    public Vector2 Along => Side is Side.Near or Side.Far ? Vector2.UnitX : Vector2.UnitY;

    /// <summary>Its middle, in an area of this size.</summary>
    public Vector2 Middle(Vector2 size) => Side switch
    {
        Side.Near => new Vector2(At, 0),
        Side.Far => new Vector2(At, size.Y),
        Side.Left => new Vector2(size.X / 2, At),
        _ => new Vector2(-size.X / 2, At),
    };

    /// <summary>A point before it, inside.</summary>
    public Vector2 Inside(Vector2 size) => Middle(size) - (Outwards * 10);

    /// <summary>The way from its middle out of sight.</summary>
    public IEnumerable<Vector2> WayOut(Vector2 size)
    {
        Vector2 corner = Middle(size) + (Outwards * (LobbyDepth - (BranchWidth / 2)));
        return [corner, corner + (Along * (Turn * (BranchLength - 6)))];
    }
}
