using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;
using Pipeline.Ingest;
using Pipeline.Store;

namespace Pipeline.Cli.Running;

/// <summary>What a user must know to judge a result.</summary>
internal static class RunNotices
{
    /// <summary>Notices of a run, the weightiest first; those of the models are added by the caller.</summary>
    /// <param name="session">The run.</param>
    /// <param name="waiting">Events that wait for the broker.</param>
    public static IEnumerable<RunNotice> Of(RunSession session, long waiting)
    {
        if (session.Observer.Uncertain is > 0 and int uncertain)
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
            yield return new RunNotice("events_waiting", $"{waiting} events wait in the store for {publisher.Broker}{why}; the next run with this store sends them.");
        }
    }

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
