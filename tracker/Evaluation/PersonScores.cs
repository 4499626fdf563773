namespace Pipeline.Tracker.Evaluation;

/// <summary>How well one person of the ground truth was kept, under the matching of identities that is best for all together.</summary>
/// <param name="Person">The person's id in the ground truth.</param>
/// <param name="Boxes">Boxes of the person.</param>
/// <param name="Identities">Identities of the output that lie on the person somewhere (IoU at least 0.5).</param>
/// <param name="Identity">The identity that stands for the person; null when none does.</param>
/// <param name="IdentityBoxes">Boxes of that identity.</param>
/// <param name="Right">Boxes that both share.</param>
public sealed record PersonScores(int Person, int Boxes, int Identities, int? Identity, int IdentityBoxes, int Right)
{
    /// <summary>Share of the boxes of both that are shared.</summary>
    public double Idf1 => 2.0 * Right / Math.Max(1, Boxes + IdentityBoxes);
}
