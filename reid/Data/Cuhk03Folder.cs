namespace Pipeline.Reid.Data;

/// <summary>
/// CUHK03 under the new protocol (767 persons to train, 700 to test): either <c>detected</c> or <c>labeled</c> in the layout of Market-1501, or the
/// pictures <c>P_III_V_NN.png</c> in <c>detected</c>, <c>labeled</c>, <c>images_detected</c> or <c>images_labeled</c> and the table
/// <c>cuhk03_new_protocol_config_{detected,labeled}.mat</c> beside that folder.
/// </summary>
/// <remarks>cuhk-03.mat itself is a MATLAB 7.3 file (HDF5) and is not read.</remarks>
internal static class Cuhk03Folder
{
    /// <summary>The folder that holds one kind of boxes.</summary>
    public static string? Find(string folder, string boxes) => Layouts.FirstThatFits(folder, f => MarketIn(f, boxes) is not null || PicturesIn(f, boxes) is not null);

    /// <summary>Reads one kind of boxes.</summary>
    /// <exception cref="InvalidDataException">The table is damaged, or more than one in a hundred of its pictures are not there.</exception>
    public static ReidDataSet Read(string root, string boxes)
    {
        PublishedCounts published = boxes == "detected" ? PublishedCounts.Cuhk03Detected : PublishedCounts.Cuhk03Labeled;
        if (MarketIn(root, boxes) is { } market)
        {
            return MarketFolder.Read(market, published) with { Name = $"cuhk03-{boxes}" };
        }

        string pictures = PicturesIn(root, boxes)!; // found before
        string table = Table(root, boxes);
        Cuhk03Protocol protocol = Cuhk03Protocol.Read(table);
        List<string> problems = [];
        HashSet<string> there = [.. PlainFolder.Files(pictures).Select(f => Path.GetFileName(f))];
        List<LabelledPicture>[] parts =
            [.. new[] { protocol.Train, protocol.Query, protocol.Gallery }.Select(part => Part(protocol, part, pictures, there, problems))];
        problems = [.. problems.Distinct()];
        Layouts.RefuseIfTooMany(pictures, $"{Path.GetFileName(table)}", problems, parts.Sum(p => p.Count));
        return new ReidDataSet($"cuhk03-{boxes}", parts[0], parts[1], parts[2]) { Problems = problems, Published = published };
    }

    private static List<LabelledPicture> Part(Cuhk03Protocol protocol, IReadOnlyList<int> rows, string folder, HashSet<string> there, List<string> problems)
    {
        List<LabelledPicture> pictures = [];
        foreach (int row in rows)
        {
            string name = protocol.Files[row];
            if (there.Contains(name))
            {
                pictures.Add(new LabelledPicture(Path.Combine(folder, name), protocol.Persons[row], protocol.Cameras[row]));
            }
            else
            {
                problems.Add($"'{Path.Combine(folder, name)}': in the protocol, but not there.");
            }
        }

        return pictures;
    }

    private static string Table(string root, string boxes) => Path.Combine(root, $"cuhk03_new_protocol_config_{boxes}.mat");

    private static string? MarketIn(string root, string boxes)
    {
        string inside = Path.Combine(root, boxes);
        return Layouts.Holds(inside, "bounding_box_train", "query", "bounding_box_test") ? inside : null;
    }

    private static string? PicturesIn(string root, string boxes) => File.Exists(Table(root, boxes))
        ? new[] { boxes, "images_" + boxes }.Select(n => Path.Combine(root, n)).FirstOrDefault(Directory.Exists)
        : null;
}
