using Pipeline.Reid.Evaluation;

namespace Pipeline.Tests.Reid;

public sealed class SplitFilesTests
{
    [Fact]
    public void Splits_of_PRID_name_people()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Path("s.json"), """[{"train":["person_0001"],"test":["person_0003","person_0002"]},{"train":[],"test":["person_0001"]}]""");

        IReadOnlyList<int[]> splits = TwoCameraSplits.ReadPrid(folder.Path("s.json"), ["person_0001", "person_0002", "person_0003"]);

        Assert.Equal(new int[][] { [2, 1], [0] }, splits);
    }

    [Theory]
    [InlineData("[{\"test\":[\"person_0009\"]}]")]
    [InlineData("[{\"train\":[]}]")]
    [InlineData("{}")]
    [InlineData("[")]
    public void Damaged_splits_are_named(string text)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Path("s.json"), text);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TwoCameraSplits.ReadPrid(folder.Path("s.json"), ["person_0001"]));

        Assert.StartsWith($"'{folder.Path("s.json")}': no readable list of splits", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Splits_that_name_somebody_else_are_refused() =>
        Assert.Throws<ArgumentException>(() => TwoCameraSplits.Cmc(new float[4], 2, [[0, 2]]));
}
