using Pipeline.Detector;

namespace Pipeline.Tests.Detector;

public sealed class DefaultDetectorTests : IDisposable
{
    private const string Cache = "XDG_CACHE_HOME";
    private readonly string? _before = Environment.GetEnvironmentVariable(Cache);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cache");

    [Fact]
    public void Open_takes_hog_and_says_so_when_the_default_cannot_be_had()
    {
        Environment.SetEnvironmentVariable(Cache, _folder.FullName);

        ChosenDetector chosen = DefaultDetector.Open(new DetectorOptions());

        using IPersonDetector detector = chosen.Detector;
        Assert.IsType<HogPersonDetector>(detector);
        Assert.Contains("NanoDet-G cannot be used", chosen.Notice, StringComparison.Ordinal);
        Assert.Contains("./run --setup-only", chosen.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_takes_hog_without_a_word_when_it_was_asked_for()
    {
        ChosenDetector chosen = DefaultDetector.Open(new DetectorOptions { Model = "hog" });

        using IPersonDetector detector = chosen.Detector;
        Assert.IsType<HogPersonDetector>(detector);
        Assert.Null(chosen.Notice);
    }

    [Fact]
    public void Open_does_not_replace_a_model_that_was_named() =>
        Assert.Throws<InvalidDataException>(() => DefaultDetector.Open(new DetectorOptions { Model = "nowhere.onnx" }));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Cache, _before);
        _folder.Delete(recursive: true);
    }
}
