using Pipeline.Cli.Running;
using Pipeline.Reid;
using Pipeline.Store;

namespace Pipeline.Tests.Cli;

public sealed class TrackletJudgeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("judge");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Tracks_are_scored_in_the_frames_that_were_analysed()
    {
        string run = Run();
        Write("run/tracks/hall/a.mp4.frames.txt", "1,2026-05-01T08:00:00Z\n3,2026-05-01T08:00:01Z\n");
        Write("run/tracks/hall/a.mp4.txt", "1,1,0,0,10,20,1,-1,-1,-1\n3,1,0,0,10,20,1,-1,-1,-1\n");
        Write("truth/hall/a.gt.txt", "1,4,0,0,10,20,1,1,1\n2,4,0,0,10,20,1,1,1\n3,4,0,0,10,20,1,1,1\n");
        Write("run/tracks/hall/b.mp4.frames.txt", "1\n"); // no truth: left out
        Write("run/tracks/hall/b.mp4.txt", "1,2,0,0,10,20,1,-1,-1,-1\n");

        TrackletVerdict verdict = TrackletJudge.Judge(run, Path.Combine(_folder.FullName, "truth"), null);

        Assert.Equal((2, 0, 0), (verdict.Tracking.Clear.TruePositives, verdict.Tracking.Clear.FalseNegatives, verdict.Tracking.Clear.FalsePositives));
        Assert.Equal(0, verdict.Tracklets); // none was decided in this store
    }

    [Fact]
    public void What_is_missing_is_said_with_a_remedy()
    {
        string truth = _folder.CreateSubdirectory("truth").FullName;
        Assert.Contains("there is no run in it", Refused(truth, truth, null), StringComparison.Ordinal);

        string run = Run();
        Assert.Contains("--run.tracks true", Refused(run, truth, null), StringComparison.Ordinal);

        Write("run/tracks/hall/a.mp4.frames.txt", "1\n");
        Assert.Contains("no CAMERA/SEGMENT.gt.txt", Refused(run, truth, null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("who,track\n1,2\n", "columns person and track")]
    [InlineData("person,track\n1,2\nx,3\n", "line 3")]
    public void A_damaged_table_of_persons_is_refused(string text, string said)
    {
        Write("persons.csv", text);

        Assert.Contains(said, Refused(Run(), _folder.FullName, Path.Combine(_folder.FullName, "persons.csv")), StringComparison.Ordinal);
    }

    private static string Refused(string run, string truth, string? persons) =>
        Assert.Throws<InvalidDataException>(() => TrackletJudge.Judge(run, truth, persons)).Message;

    private string Run()
    {
        OutputFolder output = OutputFolder.Create(Path.Combine(_folder.FullName, "run"), DateTimeOffset.UnixEpoch);
        using IdentityStore store = IdentityStore.Open(new StoreSetup { Path = output.Store, Site = "site", EncodeJpeg = picture => PictureIo.ToJpeg(picture) });
        RunRecord run = store.BeginRun("hall", output.Path, "colour", "{}");
        output.Write(new RunMark(run.Id, ["hall"], output.Store, run.StartedAt));
        return output.Path;
    }

    private void Write(string file, string text)
    {
        string path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
