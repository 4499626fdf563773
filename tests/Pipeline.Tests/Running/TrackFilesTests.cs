using OpenCvSharp;
using Pipeline.Cli.Running;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Tracker;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tests.Cli;

public sealed class TrackFilesTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tracks");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Boxes_go_into_a_file_a_segment_and_wait_until_their_track_is_believed()
    {
        using (TrackFiles files = new(_folder.FullName, TimeSpan.FromSeconds(2)))
        {
            Write(files, "day/a.mp4", 0, [Box(1, 0)]);
            Write(files, "day/a.mp4", 2, [Box(1, 1), Box(2, 0)]); // the second is never seen again
            Write(files, "day/a.mp4", 4, []);
            Write(files, "b.mp4", 0, [Box(1, 1)]);
        }

        Assert.Equal("1,1,10,20,30,40,0.9,-1,-1,-1\n3,1,10,20,30,40,0.9,-1,-1,-1\n", Read("hall/day/a.mp4.txt"));
        Assert.Equal([1, 3, 5], AnalysedFrames.Read(Path.Combine(_folder.FullName, "hall/day/a.mp4.frames.txt")).Keys.Order());
        Assert.Equal("1,1,10,20,30,40,0.9,-1,-1,-1\n", Read("hall/b.mp4.txt"));
    }

    [Fact]
    public void A_gap_no_longer_than_allowed_is_filled_in_the_frames_that_were_analysed()
    {
        using (TrackFiles files = new(_folder.FullName, TimeSpan.FromSeconds(2)))
        {
            Write(files, "a.mp4", 0, [Box(1, 1)]);
            Write(files, "a.mp4", 2, [], seconds: 1);
            Write(files, "a.mp4", 8, [Box(1, 1, 18)], seconds: 2);
            Write(files, "a.mp4", 10, [], seconds: 3);
            Write(files, "a.mp4", 12, [Box(1, 1, 20)], seconds: 5); // too late
        }

        Assert.Equal(
            "1,1,10,20,30,40,0.9,-1,-1,-1\n9,1,18,20,30,40,0.9,-1,-1,-1\n3,1,12,20,30,40,0.9,-1,-1,-1\n13,1,20,20,30,40,0.9,-1,-1,-1\n", Read("hall/a.mp4.txt"));
    }

    [Fact]
    public void A_track_that_proves_to_be_of_nobody_is_taken_out_of_all_files_also_those_of_a_run_that_was_interrupted()
    {
        using (TrackFiles before = new(_folder.FullName, TimeSpan.Zero))
        {
            Write(before, "a.mp4", 0, [Box(1, 1), Box(2, 2)]);
        }

        using (TrackFiles files = new(_folder.FullName, TimeSpan.Zero))
        {
            Write(files, "b.mp4", 0, [Box(1, 1), Box(2, 2)]);
            files.Dismiss(new Camera("hall", "Hall", CameraKind.Recorded), 2);
            files.Dismiss(new Camera("dock", "Dock", CameraKind.Recorded), 1);
            Write(files, "b.mp4", 2, [Box(1, 1), Box(3, 3)]);
        }

        Assert.Equal("1,1,10,20,30,40,0.9,-1,-1,-1\n", Read("hall/a.mp4.txt"));
        Assert.Equal("1,1,10,20,30,40,0.9,-1,-1,-1\n3,1,10,20,30,40,0.9,-1,-1,-1\n3,3,10,20,30,40,0.9,-1,-1,-1\n", Read("hall/b.mp4.txt"));
        Assert.Equal([1, 3], AnalysedFrames.Read(Path.Combine(_folder.FullName, "hall/b.mp4.frames.txt")).Keys.Order());
    }

    [Fact]
    public void A_live_camera_leaves_no_file()
    {
        using TrackFiles files = new(_folder.FullName, TimeSpan.FromSeconds(2));

        Write(files, "hall", 0, [Box(1, 1)], CameraKind.Live);

        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(_folder.FullName, file)).ReplaceLineEndings("\n");

    private static TrackedBox Box(int key, int number, float x = 10) =>
        new(key, number, number == 0 ? TrackState.Tentative : TrackState.Confirmed, 0, new Box(x, 20, 30, 40), 0.9f);

    private static void Write(TrackFiles files, string segment, long number, TrackedBox[] boxes, CameraKind kind = CameraKind.Recorded, double seconds = 0)
    {
        Segment of = new(new Camera("hall", "Hall", kind), "file", segment, 0, "digest", s_start, TimeSource.FileName);
        using Frame frame = new(of, number, TimeSpan.Zero, s_start.AddSeconds(seconds), new Mat(1, 1, MatType.CV_8UC3));
        files.Write(frame, boxes);
    }
}
