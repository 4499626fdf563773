using Pipeline.Cli.Report;
using Pipeline.Cli.Summary;
using Pipeline.Ingest;
using Pipeline.Store;

namespace Pipeline.Cli.Running;

/// <summary>What became of a camera, from what the store knows of its segments and what this process has read.</summary>
/// <param name="Summary">For the result; its tracklets are counted later.</param>
/// <param name="Recorded">When it recorded.</param>
/// <param name="Problems">What was lost of it.</param>
internal sealed record CameraFacts(CameraSummary Summary, IReadOnlyList<RecordedSpan> Recorded, IReadOnlyList<RunProblem> Problems)
{
    /// <summary>Facts of a camera of a run on footage.</summary>
    /// <param name="plan">The camera.</param>
    /// <param name="clocks">What is declared of cameras without capture times.</param>
    /// <param name="segments">Its finished segments, as the store has them.</param>
    /// <param name="run">The run's first half.</param>
    public static CameraFacts Of(CameraPlan plan, CameraClocks clocks, IReadOnlyList<SegmentDone> segments, CameraRun run)
    {
        string id = plan.Camera.Id;
        Ingest.CameraProgress progress = run.Progress.First(p => p.Camera.Id == id);
        RunProblem[] problems =
        [
            .. segments.Where(s => s.Problem is not null).GroupBy(s => WithoutCamera(s.Problem!, id)) // a stream may be lost the same way many times
                .Select(same => new RunProblem(id, same.Count() == 1 ? same.Key : $"{same.Key} ({same.Count()} times)")),
        ];
        SegmentDone[] read = [.. segments.Where(s => s.FramesDecoded > 0)];
        return new CameraFacts(
            new CameraSummary(
                id,
                plan.Camera.Name,
                segments.Count,
                Math.Max(progress.Decoded, segments.Sum(s => s.FramesDecoded)), // a stopped run has decoded more than its whole segments
                Math.Max(progress.Analysed, segments.Sum(s => s.FramesAnalysed)),
                TimeSpan.FromTicks(Math.Max(progress.Footage.Ticks, read.Sum(s => (s.EndedAt - s.StartedAt).Ticks))), // a resumed one has read the rest only
                segments.Count > 0 ? segments[0].StartedAt : null,
                segments.Count > 0 ? segments[^1].EndedAt : progress.Reached,
                TimeSourceName.Of(plan.TimeSource),
                plan.HasClock || clocks == CameraClocks.Together,
                Tracklets: 0,
                run.RestedShare(id),
                segments.Count(s => s.Problem is not null)),
            [.. read.Select(s => new RecordedSpan(id, s.StartedAt, s.EndedAt))],
            problems);
    }

    // A segment's problem names its camera, for those who read it alone; here that is said already.
    private static string WithoutCamera(string problem, string camera)
    {
        string name = $"camera {camera}";
        return problem.StartsWith(name + ", ", StringComparison.Ordinal) || problem.StartsWith(name + ": ", StringComparison.Ordinal) ? problem[(name.Length + 2)..] : problem;
    }
}
