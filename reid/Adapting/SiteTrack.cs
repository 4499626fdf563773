namespace Pipeline.Reid.Adapting;

/// <summary>A track that nobody has labelled: one person under one camera.</summary>
/// <param name="Camera">Number of the camera; compared for equality only.</param>
/// <param name="Crops">Its pictures in capture-time order.</param>
public sealed record SiteTrack(int Camera, IReadOnlyList<string> Crops);

/// <summary>What is known of a site's tracks without anybody having looked at them.</summary>
/// <param name="Learned">Tracks to learn from.</param>
/// <param name="Group">
/// Says who of the learned tracks are one person, by the tracks' unit features of now: a number of the person for each. Tracks that cannot be one person
/// (in view at once, too far apart) must get different numbers.
/// </param>
/// <param name="HeldOut">Tracks that are never learned from.</param>
/// <param name="HeldOutApart">Pairs of held-out tracks that are two people for sure.</param>
public sealed record SiteEvidence(
    IReadOnlyList<SiteTrack> Learned, Func<IReadOnlyList<float[]>, IReadOnlyList<int>> Group, IReadOnlyList<SiteTrack> HeldOut, IReadOnlyList<(int One, int Other)> HeldOutApart);
