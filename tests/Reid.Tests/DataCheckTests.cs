using Pipeline.Reid.Data;

namespace Pipeline.Tests.Reid;

public sealed class DataCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [SkippableFact]
    public void The_fifty_real_people_are_in_order()
    {
        DataReport report = DataCheck.Of(TestData.Shared("data", "people", "pku"), decode: true);

        Assert.Empty(report.Problems);
        Assert.Equal("manifest", report.Layout);
        Assert.All(report.Parts.Where(p => p.Pictures > 0), p => Assert.Equal(50, p.Persons));
    }

    [Fact]
    public void A_sound_set_has_no_problems_and_its_parts_are_counted()
    {
        Manifest("a,train,1,1", "b,train,1,2", "c,train,2,1", "d,train,2,2", "e,query,3,1", "f,gallery,3,2", "g,gallery,0,2", "h,gallery,-1,2");

        DataReport report = Check(decode: true);

        Assert.Empty(report.Problems);
        Assert.Empty(report.Notes);
        Assert.Equal([new DataPart("train", 4, 2, 2, null, 0, 0), new DataPart("query", 1, 1, 1, null, 0, 0), new DataPart("gallery", 3, 1, 1, null, 1, 1)], report.Parts);
    }

    [Fact]
    public void Persons_and_pictures_in_training_and_test_are_named()
    {
        Manifest("a,train,1,1", "b,train,2,1", "a,query,1,1", "d,gallery,1,2");

        DataReport report = Check();

        Assert.Equal(
            [
                "1 persons are both in training and in the test, beginning with 1: scores would flatter. Take them out of one.",
                "1 pictures are both in training and in the test. Take them out of one.",
            ],
            report.Problems);
        Assert.Equal(["train: 2 of 2 persons are under one camera only. no person is seen by two cameras: nothing is learned of how cameras differ."], report.Notes);
    }

    [Theory]
    [InlineData("a,query,1,1;b,gallery,1,1", "a single camera: no query has an answer")]
    [InlineData("a,query,1,1;b,gallery,2,2", "no query has an answer under another camera")]
    [InlineData("a,query,1,1", "gallery: empty, so nothing can be measured")]
    [InlineData("a,gallery,1,1", "query: empty, so nothing can be measured")]
    [InlineData("a,train,1,1;b,train,1,2", "train: 1 person; telling people apart cannot be learned")]
    [InlineData("a,query,-1,1;b,query,2,1;c,gallery,2,2", "query: 1 pictures of nobody")]
    [InlineData("a,train,-7,1;b,train,2,1;c,train,3,1", "person -7; persons are -1 (junk)")]
    [InlineData("a,train,1,-2;b,train,2,1", "camera -2; cameras are 0 or above")]
    public void What_is_wrong_is_said(string rows, string problem)
    {
        Manifest(rows.Split(';'));

        Assert.Contains(Check().Problems, p => p.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Queries_without_an_answer_are_a_note()
    {
        Manifest("a,query,1,1", "b,query,2,1", "c,gallery,1,2");

        Assert.Equal(["1 of 2 queries have no answer under another camera: the protocol skips them."], Check().Notes);
    }

    [Fact]
    public void Files_that_are_no_pictures_are_named()
    {
        Manifest("a,train,1,1", "b,train,2,1", "c,train,3,1", "d,train,4,1");
        File.Delete(_folder.Path("a"));
        OddFile.Pipe(_folder.Path("a"));
        File.WriteAllText(_folder.Path("b"), "text");
        File.Delete(_folder.Path("c"));
        File.WriteAllBytes(_folder.Path("d"), [0xFF, 0xD8, 0xFF]);

        Assert.Equal(3, Check().Problems.Count);
        Assert.Equal(4, Check(decode: true).Problems.Count);
    }

    [Fact]
    public void Counts_that_are_not_the_published_ones_are_said_where_the_folder_is_called_so()
    {
        foreach (string path in new[] { "bounding_box_train/0002_c1_1.jpg", "query/0001_c1_1.jpg", "bounding_box_test/0001_c2_1.jpg" })
        {
            DataPictures.Write(_folder, "Market-1501-v15.09.15/" + path);
            DataPictures.Write(_folder, "own/" + path);
        }

        DataReport published = DataCheck.Of(_folder.Path("Market-1501-v15.09.15"));
        DataReport own = DataCheck.Of(_folder.Path("own"));

        Assert.Equal("Market-1501", published.Set);
        Assert.Contains("train: Market-1501 has 12936 pictures, got 1. Unpack the set again.", published.Problems);
        Assert.Contains("query: Market-1501 has 750 persons, got 1. Unpack the set again.", published.Problems);
        Assert.Contains("Market-1501 has 6 cameras, got 2: 1, 2. Unpack the set again.", published.Problems);
        Assert.Null(own.Set);
        Assert.Equal(["train: 1 person; telling people apart cannot be learned from fewer than two. Give pictures of more people."], own.Problems);
    }

    [Fact]
    public void What_cannot_be_opened_is_one_problem()
    {
        DataReport report = DataCheck.Of(_folder.Path("absent"));

        Assert.Contains("no such folder", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Null(report.Layout);
    }

    public void Dispose() => _folder.Dispose();

    private DataReport Check(bool decode = false) => DataCheck.Of(_folder.Path(), decode: decode);

    private void Manifest(params string[] rows)
    {
        File.WriteAllLines(_folder.Path("manifest.csv"), ["file,role,person,camera", .. rows]);
        foreach (string file in rows.Select(r => r.Split(',')[0]))
        {
            DataPictures.Write(_folder, file);
        }
    }
}
