namespace Pipeline.Reid.Data;

/// <summary>What one part of a data set holds.</summary>
/// <param name="Part">train, query or gallery.</param>
/// <param name="Pictures">Pictures, junk and distractors included.</param>
/// <param name="Persons">Persons, junk and distractors not counted.</param>
/// <param name="Cameras">Cameras that show any of it.</param>
/// <param name="Tracklets">Tracklets, junk and distractors included; null where the set has none.</param>
/// <param name="Junk">Pictures of person -1.</param>
/// <param name="Distractors">Pictures of person 0.</param>
public sealed record DataPart(string Part, int Pictures, int Persons, int Cameras, int? Tracklets, int Junk, int Distractors);

/// <summary>The self-check of a data set.</summary>
/// <param name="Layout">The layout that was read; null when none could be.</param>
/// <param name="Set">The published set whose counts it was held against; null when it is no published one.</param>
/// <param name="Parts">What is in it.</param>
/// <param name="Problems">What is wrong, one line each; empty when nothing is.</param>
/// <param name="Notes">What is not wrong, but should be known before numbers are read, one line each.</param>
public sealed record DataReport(string? Layout, string? Set, IReadOnlyList<DataPart> Parts, IReadOnlyList<string> Problems, IReadOnlyList<string> Notes);
