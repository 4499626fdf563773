using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Ingest;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Cli.Running;

/// <summary>What a user must know to judge a result.</summary>
internal static class RunNotices
{
    private static readonly TimeSpan LeastOffset = TimeSpan.FromSeconds(3);

    /// <summary>Notices of a run, the weightiest first; those of the models are added by the caller.</summary>
    /// <param name="session">The run.</param>
    /// <param name="sightings">Its sightings.</param>
    /// <param name="waiting">Events that wait for the broker.</param>
    public static IEnumerable<RunNotice> Of(RunSession session, IReadOnlyList<SightingView> sightings, long waiting)
    {
        // Those that are still as they were founded: the others were settled by what came later.
        int uncertain = sightings.Where(s => s.IdentityId is not null).GroupBy(s => s.IdentityId)
            .Count(one => one.First().Band == "uncertain" && one.Count(s => s.IsNew) == 1);
        foreach (ClockOffset offset in LearnedState.From(session.Store.Reader.Learned(session.Run.ModelId)).Travel.Offsets(LeastOffset))
        {
            yield return new RunNotice(
                "clocks_apart",
                FormattableString.Invariant($"The clock of {offset.Other} seems {Math.Abs(offset.Ahead.TotalSeconds):0} s {(offset.Ahead > TimeSpan.Zero ? "ahead of" : "behind")} that of {offset.Camera}: the way there and the way back take times that differ by twice that. Set them alike."));
        }

        if (session is { Resume: null, Skipped: > 0 and var skipped })
        {
            yield return new RunNotice(
                "analysed_before",
                $"{skipped} tracklets of this footage are in the store already, from an earlier run: they are left as they are and not counted here. For a result of its own, name another store.");
        }

        if (uncertain > 0)
        {
            yield return new RunNotice("uncertain", $"{uncertain} of {session.Observer.Identities} are uncertain: nearly a match, so each may be somebody counted already; their events name whom.");
        }

        yield return session.Calibration is { } calibration
            ? new RunNotice("calibrated", $"Calibrated by {calibration.Id}: {calibration.Evidence}.")
            : new RunNotice(
                "not_calibrated",
                FormattableString.Invariant($"Not calibrated: {session.Threshold:0.00} is the model's usual threshold, not one measured at this site; no event carries a probability."));
        foreach (ModelUse other in session.Store.Reader.Models().Where(m => m.ModelId != session.Run.ModelId))
        {
            yield return new RunNotice("other_model", $"{other.Identities} identities of model {other.ModelId} in this store were not compared: similarities of two models mean different things.");
        }

        if (session.Publisher is { } publisher && waiting > 0)
        {
            string why = publisher.LastError is { } error ? $" ({error})" : "";
            yield return new RunNotice("events_waiting", $"{TerminalText.Count(waiting, "event waits", "events wait")} in the store for {publisher.Broker}{why}; the next run with this store sends {(waiting == 1 ? "it" : "them")}.");
        }
    }

    /// <summary>Cameras that the settings of linking name and that neither this run nor its store knows: no rule applies to them.</summary>
    /// <param name="options">Settings of linking.</param>
    /// <param name="cameras">Ids of the cameras that are known.</param>
    public static IEnumerable<RunProblem> UnknownCameras(LinkerOptions options, IReadOnlyCollection<string> cameras) =>
        options.CamerasNamed().Where(named => !cameras.Contains(named.Camera)).GroupBy(named => named.Camera, named => named.Key).Select(camera => new RunProblem(
            null,
            $"{string.Join(" and ", camera.Distinct())} names camera '{camera.Key}', which is not there: its rules apply to nobody. "
            + (NearestKey.Find(camera.Key, cameras) is { } near ? $"Did you mean '{near}'? " : "") + $"The cameras are {string.Join(", ", cameras.Order(StringComparer.Ordinal).Take(20))}. Correct it, or leave it out."));

    /// <summary>What there is to say of the cameras' clocks; nothing when all have one.</summary>
    /// <param name="plan">The cameras.</param>
    public static IEnumerable<RunNotice> Of(IngestPlan plan)
    {
        string[] without = [.. plan.Cameras.Where(camera => !camera.HasClock).Select(camera => camera.Camera.Name)];
        if (without.Length > 0 && plan.Cameras.Count > 1)
        {
            yield return plan.Clocks == CameraClocks.Together
                ? new RunNotice("clocks_together", $"No capture time is known for {string.Join(", ", without)}; they are taken to have started at once (clocks: together).")
                : new RunNotice(
                    "no_clock",
                    $"No capture time is known for {string.Join(", ", without)}: their times start at 2000-01-01 and say nothing about other cameras, so no rule about time between cameras applies. "
                    + "Put the time into file names, or say --clocks together if they started at once.");
        }
    }
}
