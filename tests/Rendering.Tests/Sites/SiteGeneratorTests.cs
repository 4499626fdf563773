using OpenCvSharp;
using Pipeline.Rendering.Sites;

namespace Pipeline.Tests.Rendering.Sites;

public class SiteGeneratorTests
{
    private static readonly SiteOptions _small = new() { Cameras = 2, People = 6, Minutes = .1, Seed = 2, Fps = 5, Threads = 1 };

    [SkippableFact]
    public void The_same_seed_gives_the_same_bytes_whatever_the_number_of_threads()
    {
        using TemporaryFolder one = new(), two = new();

        Generate(one, _small);
        Generate(two, _small with { Threads = 2 });

        Assert.Equal(
            [
                "cam01/2026-03-02_09-00-00.gt.txt", "cam01/2026-03-02_09-00-00.mp4", "cam01/seqinfo.ini",
                "cam02/2026-03-02_09-00-00.gt.txt", "cam02/2026-03-02_09-00-00.mp4", "cam02/seqinfo.ini", "pipeline.yaml", "site.json",
            ],
            Files(one));
        Assert.Equal(Files(one), Files(two));
        Assert.All(Files(one), file => Assert.Equal(File.ReadAllBytes(Path.Combine(one.Path, file)), File.ReadAllBytes(Path.Combine(two.Path, file))));
    }

    [SkippableFact]
    public void Truth_has_a_box_in_the_picture_for_each_person_seen_and_the_recording_has_its_frames()
    {
        using TemporaryFolder folder = new();

        Generate(folder, _small);

        int rows = 0;
        foreach (string video in Files(folder).Where(file => file.EndsWith(".mp4", StringComparison.Ordinal)))
        {
            using VideoCapture capture = new(Path.Combine(folder.Path, video), VideoCaptureAPIs.FFMPEG);
            Assert.Equal((30, 5), (capture.FrameCount, capture.Fps));
            foreach (string line in File.ReadLines(Path.Combine(folder.Path, Path.ChangeExtension(video, ".gt.txt"))))
            {
                double[] row = [.. line.Split(',').Select(cell => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture))];
                Assert.InRange(row[0], 1, 30);
                Assert.InRange(row[1], 1, 6);
                Assert.True(row[2] >= 0 && row[3] >= 0 && row[4] > 0 && row[5] > 0 && row[2] + row[4] <= capture.FrameWidth + .2 && row[3] + row[5] <= capture.FrameHeight + .2, line);
                Assert.Equal(row[8] >= .25 ? 1 : 0, row[6]);
                rows++;
            }
        }

        Assert.True(rows > 0);
    }

    [SkippableFact]
    public void A_folder_that_holds_something_is_refused_and_left_alone()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "note.txt"), "mine");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Generate(folder, _small));

        Assert.Contains($"'{folder.Path}': is not empty", e.Message, StringComparison.Ordinal);
        Assert.Equal(["note.txt"], Files(folder));
    }

    [SkippableFact]
    public void Cancelling_leaves_no_site_json()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        SiteGenerator generator = new(_small, Material.Require());
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => generator.Generate(folder.Path, "", stop.Token));

        Assert.DoesNotContain("site.json", Files(folder));
    }

    private static void Generate(TemporaryFolder folder, SiteOptions options) =>
        new SiteGenerator(options, Material.Require()).Generate(folder.Path, "command", CancellationToken.None);

    private static string[] Files(TemporaryFolder folder) =>
        [.. Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder.Path, f)).Order(StringComparer.Ordinal)];
}
