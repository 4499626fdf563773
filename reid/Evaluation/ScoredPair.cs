namespace Pipeline.Reid.Evaluation;

/// <summary>Two clips or pictures, how alike a model finds them, and whether they are one person.</summary>
/// <param name="Similarity">Cosine.</param>
/// <param name="Same">One person.</param>
/// <param name="First">Who is in the first one: a number that stands for the person, or for the track where persons are not known.</param>
/// <param name="Second">Who is in the second one.</param>
/// <param name="FirstCamera">Where the first one is from.</param>
/// <param name="SecondCamera">Where the second one is from.</param>
public readonly record struct ScoredPair(float Similarity, bool Same, int First, int Second, string FirstCamera, string SecondCamera)
{
    /// <summary>Both are from one camera.</summary>
    public bool OneCamera => FirstCamera == SecondCamera;
}
