namespace Pipeline.Rendering.Sites.Walks;

/// <summary>Where somebody is and what their body does.</summary>
/// <param name="Area">The area, in whose coordinates the rest is.</param>
/// <param name="At">Where on the floor.</param>
/// <param name="Heading">Turned where, radians; 0 is along z.</param>
/// <param name="Walked">Decimetres walked so far: the phase of the gait.</param>
/// <param name="Speed">Decimetres a second.</param>
/// <param name="Stir">0 standing still, 1 walking.</param>
/// <param name="Seated">0 upright, 1 seated.</param>
internal readonly record struct Whereabouts(int Area, Vector2 At, float Heading, float Walked, float Speed, float Stir, float Seated);
