namespace Pipeline.Rendering.Sites.Plans;

/// <summary>What stands about.</summary>
internal enum FurnitureKind
{
    Bench,
    Cabinet,
    Counter,
    Pillar,
    Plant,
    Machine,
    Car,
}

/// <summary>A thing on the floor, in the way of feet and of sight.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Low">Its least corner on the floor, decimetres.</param>
/// <param name="High">Its greatest corner.</param>
/// <param name="Height">How high it is.</param>
/// <param name="Back">For a bench: towards its back rest.</param>
internal readonly record struct Furniture(FurnitureKind Kind, Vector2 Low, Vector2 High, float Height, Vector2 Back);

/// <summary>Where somebody may stay.</summary>
/// <param name="At">The place.</param>
/// <param name="Facing">Looking where, radians; 0 is along z, a quarter turn along x.</param>
/// <param name="IsSeat">On a bench.</param>
internal readonly record struct Spot(Vector2 At, float Facing, bool IsSeat);
