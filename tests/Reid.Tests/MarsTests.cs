using System.IO.Compression;
using Pipeline.Reid.Data;

namespace Pipeline.Tests.Reid;

public sealed class MarsTests
{
    [SkippableFact]
    public void The_real_tables_have_the_published_counts()
    {
        string info = TestData.Shared("data", "mars_info");

        IReadOnlyList<MarsTrack> train = MarsTracks.Read(Path.Combine(info, "tracks_train_info.mat"));
        IReadOnlyList<MarsTrack> test = MarsTracks.Read(Path.Combine(info, "tracks_test_info.mat"));
        IReadOnlyList<int> queries = MarsTracks.ReadQueries(Path.Combine(info, "query_IDX.mat"));

        Assert.Equal((8298, 625, 509_914), (train.Count, train.Select(t => t.Pid).Distinct().Count(), train.Sum(t => t.Last - t.First + 1)));
        Assert.Equal((12_180, 636, 681_089), (test.Count, test.Select(t => t.Pid).Distinct().Count(), test.Sum(t => t.Last - t.First + 1)));
        Assert.Equal((870, 3248), (test.Count(t => t.Pid == -1), test.Count(t => t.Pid == 0)));
        Assert.Equal((1980, 626), (queries.Count, queries.Select(q => test[q].Pid).Distinct().Count()));
        Assert.Equal([524, 456, 319, 191, 384, 106], queries.GroupBy(q => test[q].Camera).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.Equal(9330, test.Index().Count(t => t.Item.Pid != -1 && !queries.Contains(t.Index)));
    }

    [Theory]
    [InlineData("0001C1T0001F001.jpg", 1, 1, 1, 1)]
    [InlineData("00-1C6T0034F120.jpg", -1, 6, 34, 120)]
    [InlineData("0000C2T0300F1020.png", 0, 2, 300, 1020)]
    public void ParseName_reads_person_camera_tracklet_and_frame(string name, int pid, int camera, int number, int frame) =>
        Assert.Equal((pid, camera, number, frame), MarsFolder.ParseName(name));

    [Theory]
    [InlineData("0001C1T0001F001.txt")]
    [InlineData("0001_c1s1_000151_01.jpg")]
    [InlineData("00011C1T0001F001.jpg")]
    public void ParseName_refuses_other_names(string name) => Assert.Null(MarsFolder.ParseName(name));

    [Fact]
    public void Read_groups_by_person_camera_and_tracklet_in_frame_order()
    {
        using TemporaryFolder folder = new();
        Touch(folder, "0002/0002C1T0001F010.jpg", "0002/0002C1T0001F002.jpg", "0001/0001C2T0001F001.jpg", "0001/0001C1T0002F001.jpg", "0001/notes.txt");

        MarsFolder mars = MarsFolder.Read(folder.Path());

        Assert.False(mars.FromTables);
        Assert.Equal([(1, 1, 2), (1, 2, 1), (2, 1, 1)], mars.Tracklets.Select(t => (t.Pid, t.Camera, t.Number)));
        Assert.Equal([2, 10], mars.Tracklets[2].Frames);
        Assert.EndsWith("0002C1T0001F002.jpg", mars.Tracklets[2].Paths[0], StringComparison.Ordinal);
        Assert.Contains("notes.txt': not named as in MARS", Assert.Single(mars.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_takes_tracklets_from_the_tables_where_they_fit_and_says_where_not()
    {
        using TemporaryFolder folder = new();
        Touch(folder, "0001/0001C1T0001F001.jpg", "0001/0001C1T0001F002.jpg", "0001/0001C1T0002F001.jpg", "0002/0002C2T0001F001.jpg");
        Directory.CreateDirectory(folder.Path("info"));
        Mat(folder.Path("info", "tracks_test_info.mat"), "track_test_info", 3, 4, [1, 3, 4, 2, 3, 4, 1, 1, 2, 1, 1, 2]);
        Mat(folder.Path("info", "query_IDX.mat"), "query_IDX", 1, 1, [3]);

        MarsFolder mars = MarsFolder.Read(folder.Path());

        Assert.True(mars.FromTables);
        Assert.Equal([2, 1, 1], mars.Tracklets.Select(t => t.Paths.Count));
        Assert.Equal([false, false, true], mars.Tracklets.Select(t => t.Query));

        Mat(folder.Path("info", "tracks_test_info.mat"), "track_test_info", 1, 4, [1, 3, 1, 2]); // camera 2: the pictures say 1
        MarsFolder misfit = MarsFolder.Read(folder.Path("bbox_test"));
        Assert.False(misfit.FromTables);
        Assert.Equal(3, misfit.Tracklets.Count);
        Assert.Contains("row 1 (person 1, camera 2) does not fit", Assert.Single(misfit.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_says_what_is_missing()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("no folder bbox_test or bbox_train", Assert.Throws<InvalidDataException>(() => MarsFolder.Read(folder.Path())).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder.Path("bbox_test"));
        Assert.Contains("no pictures named as in MARS", Assert.Throws<InvalidDataException>(() => MarsFolder.Read(folder.Path())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(140)]
    [InlineData(200)]
    public void A_damaged_MATLAB_file_is_named(int length)
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("x.mat");
        Mat(path, "x", 8, 4, [.. Enumerable.Range(0, 32)]);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..length]);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => MatFile.Read(path));

        Assert.StartsWith($"'{path}': no readable MATLAB 5 file: ", e.Message, StringComparison.Ordinal);
    }

    private static void Touch(TemporaryFolder folder, params string[] names)
    {
        foreach (string name in names)
        {
            string path = folder.Path("bbox_test", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, []);
        }
    }

    /// <summary>Writes a compressed int32 matrix as MATLAB does, with a name too long for the tag.</summary>
    private static void Mat(string path, string name, int rows, int columns, int[] columnMajor)
    {
        using MemoryStream inner = new();
        using (BinaryWriter w = new(inner, System.Text.Encoding.ASCII, leaveOpen: true))
        {
            w.Write(6);
            w.Write(8);
            w.Write(12); // class int32
            w.Write(0);
            w.Write(5);
            w.Write(8);
            w.Write(rows);
            w.Write(columns);
            w.Write(1);
            w.Write(name.Length);
            w.Write(System.Text.Encoding.ASCII.GetBytes(name.PadRight((name.Length + 7) / 8 * 8, '\0')));
            w.Write(5);
            w.Write(4 * columnMajor.Length);
            foreach (int value in columnMajor)
            {
                w.Write(value);
            }

            if (columnMajor.Length % 2 == 1)
            {
                w.Write(0);
            }
        }

        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(BitConverter.GetBytes(14));
            zlib.Write(BitConverter.GetBytes((int)inner.Length));
            zlib.Write(inner.ToArray());
        }

        using BinaryWriter file = new(File.Create(path));
        file.Write(new byte[124]);
        file.Write((short)0x0100);
        file.Write("IM"u8);
        file.Write(15);
        file.Write((int)packed.Length);
        file.Write(packed.ToArray());
    }
}
