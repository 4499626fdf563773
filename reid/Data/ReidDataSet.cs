namespace Pipeline.Reid.Data;

/// <summary>A picture of a person and who, where and when it shows.</summary>
/// <param name="Path">The picture file.</param>
/// <param name="Person">
/// Identity; -1 is junk (dropped from galleries), 0 a distractor (a wrong answer for every query) where the set says so. Plain layouts number from 1.
/// </param>
/// <param name="Camera">Camera; compared for equality only.</param>
/// <param name="Tracklet">Number of the tracklet where the set has tracklets; unique together with person and camera. Else 0.</param>
/// <param name="Frame">Place within the tracklet where the set says so; else 0.</param>
public sealed record LabelledPicture(string Path, int Person, int Camera, int Tracklet = 0, int Frame = 0);

/// <summary>The pictures of a data set by their part in it.</summary>
/// <param name="Name">Name of the layout that was read.</param>
/// <param name="Train">For training; where the set keeps to its rules none of its persons is in query or gallery.</param>
/// <param name="Query">What is asked.</param>
/// <param name="Gallery">Where it is looked for; junk and distractors included.</param>
public sealed record ReidDataSet(
    string Name, IReadOnlyList<LabelledPicture> Train, IReadOnlyList<LabelledPicture> Query, IReadOnlyList<LabelledPicture> Gallery)
{
    /// <summary>What was passed over when reading, one line each: pictures without a label in their name, pictures listed but not there.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The published counts of the set; null where the layout is not that of one published set.</summary>
    internal PublishedCounts? Published { get; init; }
}
