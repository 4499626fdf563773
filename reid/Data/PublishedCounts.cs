namespace Pipeline.Reid.Data;

/// <summary>How large a published set is.</summary>
/// <param name="Set">Its name.</param>
/// <param name="Folders">What its folder is called, letters and digits only, in small letters, or the beginning of that.</param>
/// <param name="Cameras">Cameras.</param>
/// <param name="Train">Counts of its training part.</param>
/// <param name="Query">Counts of its queries.</param>
/// <param name="Gallery">Counts of its gallery.</param>
internal sealed record PublishedCounts(
    string Set, IReadOnlyList<string> Folders, int Cameras, PublishedPart? Train, PublishedPart? Query, PublishedPart? Gallery)
{
    /// <summary>Zheng et al., ICCV 2015.</summary>
    public static PublishedCounts Market1501 { get; } = new("Market-1501", ["market1501"], 6, new(12_936, 751), new(3368, 750), new(19_732, 750));

    /// <summary>Zheng et al., ICCV 2017.</summary>
    public static PublishedCounts Duke { get; } = new("DukeMTMC-reID", ["dukemtmc"], 8, new(16_522, 702), new(2228, 702), new(17_661, 1110));

    /// <summary>Wei et al., CVPR 2018; training and validation list together.</summary>
    public static PublishedCounts Msmt17 { get; } = new("MSMT17", ["msmt17"], 15, new(32_621, 1041), new(11_659, 3060), new(82_161, 3060));

    /// <summary>Zhong et al., CVPR 2017, boxes of a detector.</summary>
    public static PublishedCounts Cuhk03Detected { get; } =
        new("CUHK03-NP detected", ["cuhk03"], 2, new(7365, 767), new(1400, 700), new(5332, 700));

    /// <summary>Zhong et al., CVPR 2017, boxes by hand.</summary>
    public static PublishedCounts Cuhk03Labeled { get; } = new("CUHK03-NP labeled", ["cuhk03"], 2, new(7368, 767), new(1400, 700), new(5328, 700));

    /// <summary>Zheng et al., ECCV 2016; the gallery here is without the queries.</summary>
    public static PublishedCounts Mars { get; } =
        new("MARS", ["mars"], 6, new(509_914, 625, 8298), new(null, 626, 1980), new(null, null, 10_200));

    /// <summary>Wang et al., ECCV 2014; one of ten splits.</summary>
    public static PublishedCounts IlidsVid { get; } = new("iLIDS-VID", ["ilidsvid"], 2, new(null, 150, 300), new(null, 150, 150), new(null, 150, 150));

    /// <summary>Hirzer et al., SCIA 2011; which persons are used is a matter of the split.</summary>
    public static PublishedCounts Prid2011 { get; } = new("PRID2011", ["prid2011"], 2, null, null, null);

    /// <summary>Whether the name of a folder is that of the set.</summary>
    public bool Names(string folder)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        string letters = new([.. name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)]);
        return Folders.Any(f => letters.StartsWith(f, StringComparison.Ordinal));
    }
}

/// <summary>How large a part of a published set is; null is not held against anything.</summary>
/// <param name="Pictures">Picture files, junk and distractors included.</param>
/// <param name="Persons">Persons, junk and distractors not counted.</param>
/// <param name="Tracklets">Tracklets, junk and distractors included.</param>
internal sealed record PublishedPart(int? Pictures, int? Persons, int? Tracklets = null);
