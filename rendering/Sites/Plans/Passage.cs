namespace Pipeline.Rendering.Sites.Plans;

/// <summary>A way between two areas that no camera sees.</summary>
/// <param name="First">One area.</param>
/// <param name="FirstSide">Its wall with the door.</param>
/// <param name="Second">The other one.</param>
/// <param name="SecondSide">Its wall.</param>
/// <param name="Length">From where one is out of sight of the first to where one comes into sight of the second, decimetres.</param>
internal sealed record Passage(int First, Side FirstSide, int Second, Side SecondSide, float Length)
{
    /// <summary>The wall at an end.</summary>
    public Side SideAt(int area) => area == First ? FirstSide : SecondSide;

    /// <summary>The other end.</summary>
    public int Beyond(int area) => area == First ? Second : First;
}

/// <summary>A door that leads out of the site.</summary>
/// <param name="Area">Its area.</param>
/// <param name="Side">Its wall.</param>
internal sealed record Exit(int Area, Side Side);
