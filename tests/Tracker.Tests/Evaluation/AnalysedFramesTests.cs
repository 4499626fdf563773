using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tests.Tracker;

public sealed class AnalysedFramesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void What_was_written_is_read_and_a_time_may_be_missing()
    {
        DateTimeOffset at = new(2026, 5, 1, 8, 0, 0, 250, TimeSpan.FromHours(2));
        File.WriteAllLines(_file, [AnalysedFrames.Line(3, at), "7"]);

        IReadOnlyDictionary<int, DateTimeOffset?> frames = AnalysedFrames.Read(_file);

        Assert.Equal([3, 7], frames.Keys.Order());
        Assert.Equal(at, frames[3]);
        Assert.Null(frames[7]);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-3")]
    [InlineData("3,yesterday")]
    public void A_damaged_line_is_named(string line)
    {
        File.WriteAllLines(_file, ["1", line]);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => AnalysedFrames.Read(_file));

        Assert.Contains("line 2", e.Message, StringComparison.Ordinal);
        Assert.Contains(line, e.Message, StringComparison.Ordinal);
    }
}
