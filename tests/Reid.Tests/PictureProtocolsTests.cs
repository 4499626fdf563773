using Pipeline.Reid;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Tests.Reid;

public sealed class PictureProtocolsTests
{
    private static readonly PictureProtocol[] _all = Enum.GetValues<PictureProtocol>();

    [Fact]
    public void A_manifest_names_pictures_roles_people_and_cameras_in_any_order_of_columns()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Path("m.csv"), "person,camera,note,file,role\nanna,door,x,a/v3.jpg,query\n\nbert,dock,,b.jpg,gallery\ncara,dock,,c.jpg,\n");

        IReadOnlyList<EvaluationPicture> pictures = EvaluationFolder.Read(folder.Path(), folder.Path("m.csv"));

        Assert.Equal(
            [
                new(folder.Path("a/v3.jpg"), PictureRole.Query, "anna", "door", 3),
                new(folder.Path("b.jpg"), PictureRole.Gallery, "bert", "dock", null),
                new EvaluationPicture(folder.Path("c.jpg"), PictureRole.Both, "cara", "dock", null),
            ],
            pictures);
    }

    [Fact]
    public void Without_a_manifest_the_folders_are_people_and_cameras()
    {
        using TemporaryFolder folder = new();
        foreach (string file in (string[])["p2/c1/x.png", "p1/c2/v8.jpg", "p1/c2/notes.txt", "stray.jpg"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.Path(file))!);
            File.WriteAllBytes(folder.Path(file), []);
        }

        IReadOnlyList<EvaluationPicture> pictures = EvaluationFolder.Read(folder.Path());

        Assert.Equal([("p1", "c2", 8), ("p2", "c1", null)], pictures.Select(p => (p.Person, p.Camera, p.View)));
    }

    [Theory]
    [InlineData("", "empty; a first line with the titles of the columns is needed")]
    [InlineData("file,person\nx,y", "no column 'role', got file, person")]
    [InlineData("file,role,person,camera\na.jpg,query,,c1", "manifest.csv:2': file, person and camera are needed, got 'a.jpg,query,,c1'")]
    [InlineData("file,role,person,camera\na.jpg,asks,p,c1", "manifest.csv:2': role is query, gallery, both or train, got 'asks'")]
    [InlineData("file,role,person,camera\n", "holds no pictures of role query, gallery or both")]
    [InlineData("file,role,person,camera\na.jpg,train,p,c1", "holds no pictures of role query, gallery or both")]
    public void A_bad_manifest_is_refused_with_the_place(string text, string message)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Path("manifest.csv"), text);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => EvaluationFolder.Read(folder.Path()));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_or_manifest_is_named()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("no such folder", Assert.Throws<InvalidDataException>(() => EvaluationFolder.Read(folder.Path("nowhere"))).Message, StringComparison.Ordinal);
        Assert.Contains("m.csv': cannot be read", Assert.Throws<InvalidDataException>(() => EvaluationFolder.Read(folder.Path(), folder.Path("m.csv"))).Message, StringComparison.Ordinal);
        Assert.Contains("no known layout", Assert.Throws<InvalidDataException>(() => EvaluationFolder.Read(folder.Path())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_protocol_by_hand()
    {
        // Two people in two cameras from two opposite sides. Person b is nobody's double; a's picture from the other side is like b's.
        EvaluationPicture[] pictures =
        [
            new("1", PictureRole.Query, "a", "c1", 1), new("2", PictureRole.Query, "b", "c1", 1),
            new("3", PictureRole.Gallery, "a", "c2", 1), new("4", PictureRole.Gallery, "a", "c2", 5),
            new("5", PictureRole.Gallery, "b", "c2", 1), new("6", PictureRole.Gallery, "b", "c2", 5),
        ];
        FeatureRows features = Rows([1, 0, 0], [0, 1, 0], [1, 0.1f, 0], [0, 0.2f, 1], [0.1f, 1, 0], [0.1f, 1, 0.1f]);

        IReadOnlyList<ProtocolScore> scores = PictureProtocols.Score(features, pictures, _all);

        Assert.Equal(
            ["Picture c1 asks c2", "Picture c2 asks c1", "Clip c1 asks c2", "Clip c2 asks c1", "Hard c1 asks c2", "Hard c2 asks c1"],
            scores.Select(s => $"{s.Protocol} {s.Direction}"));
        Assert.Equal([2, 4, 2, 2, 2, 4], scores.Select(s => s.Metrics.TotalQueries));
        Assert.Equal((1 + 0.5) / 2 / 2 + 0.5, scores[0].Metrics.MeanAveragePrecision, 1e-9); // a finds 3 at 1 and 4 last of four: (1 + 2/4)/2
        Assert.Equal(3 / 4.0, scores[1].Metrics.Rank(1)); // 4 takes b for itself
        Assert.Equal(1, scores[2].Metrics.Rank(1));
        Assert.Equal(1 / 2.0, scores[4].Metrics.Rank(1)); // a must find 4 and finds b
        Assert.Equal((2, 4), (scores[4].Metrics.ValidQueries, scores[5].Metrics.TotalQueries));
        Assert.Equal(2, scores[5].Metrics.ValidQueries); // only 4 and 6 have a right answer on the other side
    }

    [Fact]
    public void Without_views_there_is_no_hard_protocol_and_without_roles_one_direction()
    {
        EvaluationPicture[] pictures = [new("1", PictureRole.Both, "a", "c1", null), new("2", PictureRole.Both, "a", "c2", 1), new("3", PictureRole.Both, "b", "c2", 1)];

        IReadOnlyList<ProtocolScore> scores = PictureProtocols.Score(Rows([1, 0], [1, 0.1f], [0, 1]), pictures, _all);

        Assert.Equal([PictureProtocol.Picture, PictureProtocol.Clip], scores.Select(s => s.Protocol));
        Assert.Equal("2 cameras asks 2 cameras", scores[0].Direction);
        Assert.Equal((3, 2), (scores[0].Metrics.TotalQueries, scores[0].Metrics.ValidQueries)); // b is in one camera only
    }

    [Fact]
    public void One_camera_or_one_side_cannot_be_evaluated()
    {
        FeatureRows features = Rows([1, 0], [1, 0.1f]);
        EvaluationPicture[] oneCamera = [new("1", PictureRole.Query, "a", "c1", null), new("2", PictureRole.Gallery, "a", "c1", null)];
        EvaluationPicture[] oneSide = [new("1", PictureRole.Query, "a", "c1", null), new("2", PictureRole.Query, "a", "c2", null)];

        Assert.Contains("no query has a right answer in another camera", Assert.Throws<InvalidDataException>(() => PictureProtocols.Score(features, oneCamera, _all)).Message, StringComparison.Ordinal);
        Assert.Contains("2 pictures ask and 0 answer", Assert.Throws<InvalidDataException>(() => PictureProtocols.Score(features, oneSide, _all)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Junk_and_distractors_are_known_by_their_names()
    {
        EvaluationPicture[] pictures =
        [
            new("1", PictureRole.Query, "0007", "c1", null),
            new("2", PictureRole.Gallery, "-1", "c2", null), new("3", PictureRole.Gallery, "0000", "c2", null), new("4", PictureRole.Gallery, "0007", "c2", null),
        ];

        ProtocolScore score = PictureProtocols.Score(Rows([1, 0], [1, 0], [1, 0.01f], [1, 0.5f]), pictures, [PictureProtocol.Picture])[0];

        Assert.Equal([1], score.Metrics.FirstMatch); // behind the distractor, not behind the junk
    }

    [Fact]
    public void Unreadable_pictures_are_named_and_a_large_share_of_them_is_refused()
    {
        using TemporaryFolder folder = new();
        EvaluationPicture[] pictures = [.. Enumerable.Range(0, 200).Select(i => new EvaluationPicture(folder.Path($"{i}.jpg"), PictureRole.Both, "p", "c", null))];
        byte[] good = PictureIo.ToJpeg(Pictures.Noise(20, 40, 1));
        foreach (EvaluationPicture picture in pictures)
        {
            File.WriteAllBytes(picture.Path, good);
        }

        File.WriteAllText(pictures[3].Path, "no picture");
        using ColourEmbedder embedder = new();
        PictureFeatures features = PictureFeatures.Of(pictures, embedder);
        Assert.Equal(199, features.Features.Count);
        Assert.Equal(199, features.Pictures.Count);
        Assert.Contains("3.jpg': no picture that can be decoded", Assert.Single(features.Problems), StringComparison.Ordinal);

        File.Delete(pictures[4].Path);
        File.Delete(pictures[5].Path);
        Assert.Contains("3 of the first 64 pictures cannot be used, more than 1% of 200", Assert.Throws<InvalidDataException>(() => PictureFeatures.Of(pictures, embedder)).Message, StringComparison.Ordinal);
    }

    private static FeatureRows Rows(params float[][] rows)
    {
        FeatureRows features = new([.. rows.SelectMany(row => row)], rows[0].Length);
        foreach (int row in Enumerable.Range(0, rows.Length))
        {
            Assert.True(TemporalPooling.TryFinish(features[row]));
        }

        return features;
    }
}
