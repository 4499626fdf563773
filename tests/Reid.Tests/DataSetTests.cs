using Pipeline.Reid.Data;

namespace Pipeline.Tests.Reid;

public sealed class DataSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_plain_layout_numbers_persons_and_cameras_in_ordinal_order()
    {
        Touch("bob/street/2.jpg", "bob/street/1.png", "bob/door/x.jpg", "Zoe/door/y.jpeg", "Zoe/door/notes.txt", "nobody/door/list.csv");

        ReidDataSet set = ReidDataSets.Open(_folder.Path());

        Assert.Equal("plain", set.Name);
        Assert.Equal(
            [("Zoe/door/y.jpeg", 1, 1), ("bob/door/x.jpg", 2, 1), ("bob/street/1.png", 2, 2), ("bob/street/2.jpg", 2, 2)],
            set.Train.Select(p => (Path.GetRelativePath(_folder.Path(), p.Path), p.Person, p.Camera)));
        Assert.Empty(set.Query);
        Assert.Empty(set.Gallery);
    }

    [Fact]
    public void Sets_hold_the_same_people_wherever_they_lie_and_others_where_names_differ()
    {
        static string Digest(params string[] paths) => PersonLabels.Digest([.. paths.Select((p, i) => new LabelledPicture(p, i + 1, 1))]);

        Assert.Equal(Digest("/a/00000/c1/0.jpg", "/a/00001/c1/0.jpg"), Digest("/b/c/00000/c1/0.jpg", "/b/c/00001/c1/0.jpg"));
        Assert.NotEqual(Digest("/a/00000/c1/0.jpg", "/a/00001/c1/0.jpg"), Digest("/a/00002/c1/0.jpg", "/a/00003/c1/0.jpg"));
    }

    [Fact]
    public void A_manifest_says_who_is_asked_for()
    {
        File.WriteAllText(_folder.Path("manifest.csv"), """
            file,role,person,camera,frame,origin
            a.jpg,query,anna,c1,,"a, ""quoted"" word"
            b.jpg,gallery,anna,c2,7,
            c.jpg,train,bert,c1,8,

            """);

        ReidDataSet set = ReidDataSets.Open(_folder.Path());

        Assert.Equal(new LabelledPicture(_folder.Path("a.jpg"), 1, 1), Assert.Single(set.Query));
        Assert.Equal(new LabelledPicture(_folder.Path("b.jpg"), 1, 2, 0, 7), Assert.Single(set.Gallery));
        Assert.Equal(new LabelledPicture(_folder.Path("c.jpg"), 2, 1, 0, 8), Assert.Single(set.Train));
    }

    [Fact]
    public void Numbers_of_a_manifest_stay_so_that_junk_and_distractors_are_known()
    {
        File.WriteAllText(_folder.Path("m.csv"), "file,role,person,camera\na,gallery,-1,3\nb,gallery,0000,3\nc,query,12,5\n");

        ReidDataSet set = ReidDataSets.Open(_folder.Path(), manifest: _folder.Path("m.csv"));

        Assert.Equal([(-1, 3), (0, 3)], set.Gallery.Select(p => (p.Person, p.Camera)));
        Assert.Equal((12, 5), set.Query.Select(p => (p.Person, p.Camera)).Single());
    }

    [Theory]
    [InlineData("", "empty; a first line")]
    [InlineData("file,role,person\n", "no column 'camera', got file, role, person")]
    [InlineData("file,role,person,camera\n", "titles, but no rows")]
    [InlineData("file,role,person,camera\na,query,p\n", "m.csv:2': 3 fields, but there are 4 titles")]
    [InlineData("file,role,person,camera\na,querry,p,c\n", "m.csv:2': role is train, query, gallery, got 'querry'")]
    [InlineData("file,role,person,camera\na,query, ,c\n", "m.csv:2': no person")]
    [InlineData("file,role,person,camera\na,query,p,c\na,query,p,c\n", "m.csv:3': 'a' is listed twice as query")]
    [InlineData("file,role,person,camera\n\"a,query,p,c\n", "m.csv:2': a quotation mark is not closed")]
    [InlineData("file,role,person,camera,frame\na,query,p,c,third\n", "m.csv:2': frame is a whole number, got 'third'")]
    [InlineData("file,file,role,person,camera\n", "'file' is there twice")]
    public void A_damaged_manifest_is_refused_with_its_line(string text, string message)
    {
        File.WriteAllText(_folder.Path("m.csv"), text);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => ReidDataSets.Open(_folder.Path(), manifest: _folder.Path("m.csv")));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_data_set_is_refused()
    {
        Assert.Contains("no such folder", Refused(_folder.Path("absent"), "auto"), StringComparison.Ordinal);
        Assert.Contains("no known layout in it. Known are manifest, market,", Refused(_folder.Path(), "auto"), StringComparison.Ordinal);
        Assert.Contains("not in the layout 'market'", Refused(_folder.Path(), "market"), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ReidDataSets.Open(_folder.Path(), "imagenet"));
        Assert.Equal(1, ReidDataSets.Splits(_folder.Path()));

        static string Refused(string folder, string layout) => Assert.Throws<InvalidDataException>(() => ReidDataSets.Open(folder, layout)).Message;
    }

    [Fact]
    public void Market_reads_person_and_camera_from_the_names()
    {
        Touch(
            "Market/bounding_box_train/0002_c1s1_000451_03.jpg", "Market/bounding_box_train/0007_c3s3_077419_03.jpg",
            "Market/query/0001_c1s1_001051_00.jpg", "Market/bounding_box_test/-1_c2s1_000401_03.jpg",
            "Market/bounding_box_test/0000_c5s1_000151_01.jpg", "Market/bounding_box_test/0001_c6s1_001051_02.jpg", "Market/bounding_box_test/Thumbs.db");

        ReidDataSet set = ReidDataSets.Open(_folder.Path());

        Assert.Equal("market", set.Name);
        Assert.Equal([(2, 1), (7, 3)], Labels(set.Train));
        Assert.Equal([(1, 1)], Labels(set.Query));
        Assert.Equal([(-1, 2), (0, 5), (1, 6)], Labels(set.Gallery));
        Assert.Empty(set.Problems);
        Assert.Equal([0, 1], PersonLabels.Of(set.Train, out int classes));
        Assert.Equal(2, classes);
        Assert.Equal([-1, -1, 0], PersonLabels.Of(set.Gallery, out _));
    }

    [Fact]
    public void Labels_that_are_not_numbers_are_passed_over_up_to_one_in_a_hundred_then_refused()
    {
        Touch([.. Enumerable.Range(0, 200).Select(i => $"bounding_box_train/{i:0000}_c1_{i}.jpg"), "bounding_box_train/anna_c1_1.jpg"]);
        Directory.CreateDirectory(_folder.Path("query"));
        Directory.CreateDirectory(_folder.Path("bounding_box_test"));

        ReidDataSet set = ReidDataSets.Open(_folder.Path());
        Assert.Equal(200, set.Train.Count);
        Assert.Contains("anna_c1_1.jpg': no person and camera in the name", Assert.Single(set.Problems), StringComparison.Ordinal);

        Touch("bounding_box_train/bert_c1_1.jpg", "bounding_box_train/0001_cx_1.jpg");
        string refused = Assert.Throws<InvalidDataException>(() => ReidDataSets.Open(_folder.Path())).Message;
        Assert.Contains("up to 1 % may be passed over. 3 were passed over, beginning with: '", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Msmt17_reads_its_lists_and_gives_training_and_test_numbers_of_their_own()
    {
        Touch(
            "MSMT17_V2/mask_train_v2/0000/0000_000_01_0303morning_0015_0.jpg", "MSMT17_V2/mask_train_v2/0001/0001_000_15_0303noon_0015_0.jpg",
            "MSMT17_V2/mask_train_v2/0001/0001_001_02_0303noon_0015_0.jpg", "MSMT17_V2/mask_test_v2/0000/0000_000_03_0302noon_0015_0.jpg",
            "MSMT17_V2/mask_test_v2/0000/0000_001_04_0302noon_0015_0.jpg");
        List("train", "0000/0000_000_01_0303morning_0015_0.jpg 0", "0001/0001_000_15_0303noon_0015_0.jpg 1");
        List("val", "0001/0001_001_02_0303noon_0015_0.jpg 1");
        List("query", "0000/0000_000_03_0302noon_0015_0.jpg 0");
        List("gallery", "0000/0000_001_04_0302noon_0015_0.jpg 0");

        ReidDataSet set = ReidDataSets.Open(_folder.Path());

        Assert.Equal("msmt17", set.Name);
        Assert.Equal([(1, 1), (2, 15), (2, 2)], Labels(set.Train));
        Assert.Equal([(3, 3)], Labels(set.Query));
        Assert.Equal([(3, 4)], Labels(set.Gallery));

        List("val", "0001/0001_001_02_0303noon_0015_0.jpg one");
        Assert.Contains("list_val.txt:1': a line is", Assert.Throws<InvalidDataException>(() => ReidDataSets.Open(_folder.Path())).Message, StringComparison.Ordinal);
        List("val", "0001/0001_009_02_0303noon_0015_0.jpg 1");
        Assert.Contains("is not in mask_train_v2", Assert.Throws<InvalidDataException>(() => ReidDataSets.Open(_folder.Path())).Message, StringComparison.Ordinal);
        File.Delete(_folder.Path("MSMT17_V2", "list_val.txt"));
        Assert.Contains("list_val.txt': not there", Assert.Throws<InvalidDataException>(() => ReidDataSets.Open(_folder.Path())).Message, StringComparison.Ordinal);

        void List(string name, params string[] lines) => File.WriteAllLines(_folder.Path("MSMT17_V2", $"list_{name}.txt"), lines);
    }

    [SkippableTheory]
    [InlineData("detected", 7365, 5332)]
    [InlineData("labeled", 7368, 5328)]
    public void The_real_tables_of_CUHK03_have_the_measured_counts(string boxes, int train, int gallery)
    {
        Cuhk03Protocol protocol = Cuhk03Protocol.Read(TestData.Shared("golden", "protocol", $"cuhk03_new_protocol_config_{boxes}.mat"));

        Assert.Equal((train, 1400, gallery), (protocol.Train.Count, protocol.Query.Count, protocol.Gallery.Count));
        HashSet<int> learnt = [.. protocol.Train.Select(i => protocol.Persons[i])];
        HashSet<int> asked = [.. protocol.Query.Concat(protocol.Gallery).Select(i => protocol.Persons[i])];
        Assert.Equal((767, 700, 0), (learnt.Count, asked.Count, learnt.Intersect(asked).Count()));
        Assert.Equal([1, 2], protocol.Cameras.Distinct().Order());
        Assert.All(protocol.Files, f => Assert.Matches(@"^\d+_\d+_\d_\d+\.png$", f));
        Assert.All(protocol.Query, i => Assert.Contains(protocol.Gallery, g => protocol.Persons[g] == protocol.Persons[i] && protocol.Cameras[g] != protocol.Cameras[i]));
    }

    [Fact]
    public void Cuhk03_takes_its_parts_from_the_table()
    {
        Touch("images_labeled/1_001_1_01.png", "images_labeled/1_001_2_06.png", "images_labeled/1_002_1_01.png", "images_labeled/1_002_2_06.png");
        string table = _folder.Path("cuhk03_new_protocol_config_labeled.mat");
        Write(4);

        ReidDataSet set = ReidDataSets.Open(_folder.Path());

        Assert.Equal("cuhk03-labeled", set.Name);
        Assert.Equal([(1, 1), (1, 2)], Labels(set.Train));
        Assert.Equal("1_002_1_01.png", Path.GetFileName(Assert.Single(set.Query).Path));
        Assert.Equal((2, 2), Assert.Single(Labels(set.Gallery)));

        Write(5);
        Assert.Contains("gallery_idx counts beyond the 4 files", Assert.Throws<InvalidDataException>(() => ReidDataSets.Open(_folder.Path())).Message, StringComparison.Ordinal);

        void Write(int gallery) => MatWriter.Write(
            table,
            MatWriter.Texts("filelist", "1_001_1_01.png", "1_001_2_06.png", "1_002_1_01.png", "1_002_2_06.png"),
            MatWriter.Numbers("labels", 4, 1, 1, 1, 2, 2),
            MatWriter.Numbers("camId", 4, 1, 1, 2, 1, 2),
            MatWriter.Numbers("train_idx", 2, 1, 1, 2),
            MatWriter.Numbers("query_idx", 1, 1, 3),
            MatWriter.Numbers("gallery_idx", 1, 1, gallery));
    }

    [Fact]
    public void Cuhk03_in_the_layout_of_Market_is_read_too()
    {
        Touch("cuhk03-np/detected/bounding_box_train/0001_c1_1.png", "cuhk03-np/detected/query/0002_c1_1.png", "cuhk03-np/detected/bounding_box_test/0002_c2_1.png");

        ReidDataSet set = ReidDataSets.Open(_folder.Path());

        Assert.Equal("cuhk03-detected", set.Name);
        Assert.Equal([(2, 2)], Labels(set.Gallery));
        Assert.Contains(DataCheck.Of(_folder.Path()).Problems, p => p.StartsWith("train: CUHK03-NP detected has 7365 pictures, got 1.", StringComparison.Ordinal));
    }

    [Fact]
    public void Mars_has_tracklets_and_its_queries_from_the_tables()
    {
        Touch(
            "bbox_train/0002/0002C1T0001F001.jpg", "bbox_test/0001/0001C1T0001F001.jpg", "bbox_test/0001/0001C1T0001F002.jpg",
            "bbox_test/0001/0001C2T0001F001.jpg", "bbox_test/00-1/00-1C1T0001F001.jpg");
        Directory.CreateDirectory(_folder.Path("info"));
        MatWriter.Write(_folder.Path("info", "tracks_test_info.mat"), MatWriter.Numbers("track_test_info", 3, 4, [1, 2, 4, 1, 3, 4, -1, 1, 1, 1, 1, 2]));
        MatWriter.Write(_folder.Path("info", "query_IDX.mat"), MatWriter.Numbers("query_IDX", 1, 1, 2));

        ReidDataSet set = ReidDataSets.Open(_folder.Path());

        Assert.Equal("mars", set.Name);
        Assert.Equal([(2, 1)], Labels(set.Train));
        Assert.Equal([(1, 1, 2, 1), (1, 1, 2, 2)], set.Query.Select(p => (p.Person, p.Camera, p.Tracklet, p.Frame)));
        Assert.Equal([(-1, 1, 1), (1, 2, 3)], set.Gallery.Select(p => (p.Person, p.Camera, p.Tracklet)));
    }

    [Fact]
    public void Ilids_takes_the_first_half_of_a_row_of_the_table_for_the_test()
    {
        Touch([.. from camera in new[] { 1, 2 } from person in new[] { 3, 14, 159, 265 } from frame in new[] { 1, 2 }
                  select $"i-LIDS-VID/sequences/cam{camera}/person{person:000}/cam{camera}_person{person:000}_{frame:00000}.png"]);
        Assert.Contains("all is for training", Assert.Single(ReidDataSets.Open(_folder.Path()).Problems), StringComparison.Ordinal);
        string splits = _folder.Path("i-LIDS-VID", "train-test people splits");
        Directory.CreateDirectory(splits);
        MatWriter.Write(Path.Combine(splits, "train_test_splits_ilidsvid.mat"), MatWriter.Numbers("ls_set", 2, 4, [1, 4, 2, 2, 3, 1, 4, 3]));

        ReidDataSet set = ReidDataSets.Open(_folder.Path(), split: 1);

        Assert.Equal(2, ReidDataSets.Splits(_folder.Path()));
        Assert.Equal("ilids", set.Name);
        Assert.Equal([(14, 1, 1), (14, 1, 2), (265, 1, 1), (265, 1, 2)], set.Query.Select(p => (p.Person, p.Camera, p.Frame)));
        Assert.Equal([(14, 2), (265, 2)], Labels(set.Gallery).Distinct());
        Assert.Equal([(3, 1), (3, 2), (159, 1), (159, 2)], Labels(set.Train).Distinct());
        Assert.Contains("splits 0 to 1 are there, got 2", Assert.Throws<InvalidDataException>(() => ReidDataSets.Open(_folder.Path(), split: 2)).Message, StringComparison.Ordinal);
        Directory.Delete(_folder.Path("i-LIDS-VID", "sequences", "cam2", "person003"), recursive: true);
        Assert.Contains("numbers 4 persons, but 3 are there", Assert.Throws<InvalidDataException>(() => ReidDataSets.Open(_folder.Path())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prid_uses_the_persons_of_both_cameras_and_the_split_file()
    {
        Touch([.. from place in new[] { ("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2), ("b", 4) } select $"prid_2011/multi_shot/cam_{place.Item1}/person_{place.Item2:0000}/0001.png"]);
        File.WriteAllText(_folder.Path("prid_2011", "splits_prid2011.json"), """[{ "train": ["person_0001"], "test": ["person_0002"] }]""");

        ReidDataSet set = ReidDataSets.Open(_folder.Path());

        Assert.Equal("prid", set.Name);
        Assert.Equal([(1, 1), (1, 2)], Labels(set.Train));
        Assert.Equal([(2, 1)], Labels(set.Query));
        Assert.Equal([(2, 2)], Labels(set.Gallery));
        Assert.Contains("200 persons under both cameras are published, got 2", Assert.Single(set.Problems), StringComparison.Ordinal);

        File.WriteAllText(_folder.Path("prid_2011", "splits_prid2011.json"), """[{ "train": ["person_0001"], "test": ["person_0003"] }]""");
        Assert.Contains("'person_0003', whom not both cameras have", Assert.Throws<InvalidDataException>(() => ReidDataSets.Open(_folder.Path())).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder.Path("prid_2011", "splits_prid2011.json"), "[{}]");
        Assert.Contains("a list of objects with train and test", Assert.Throws<InvalidDataException>(() => ReidDataSets.Open(_folder.Path())).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<(int Person, int Camera)> Labels(IEnumerable<LabelledPicture> pictures) => pictures.Select(p => (p.Person, p.Camera));

    private void Touch(params string[] names)
    {
        foreach (string name in names)
        {
            string path = _folder.Path(name.Split('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, [0xFF, 0xD8]);
        }
    }
}
