namespace Pipeline.Rendering.Clothing;

/// <summary>A dressed person, ready to be posed. Read-only, so several threads may draw the same one.</summary>
/// <param name="Look">The look.</param>
/// <param name="Joints">Where the joints rest in this body.</param>
/// <param name="Pieces">Skin, clothes, hair and bags.</param>
/// <param name="Height">From sole to crown, decimetres.</param>
internal sealed record Person(Look Look, Vector3[] Joints, IReadOnlyList<Piece> Pieces, float Height);
