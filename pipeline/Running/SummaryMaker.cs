using System.Diagnostics;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Report;
using Pipeline.Cli.Summary;
using Pipeline.Store;

namespace Pipeline.Cli.Running;

/// <summary>Makes the result of a run from what the store holds, and writes it for people and for machines.</summary>
internal static class SummaryMaker
{
    /// <summary>Makes the summary, and writes <c>summary.json</c> and <c>report.html</c>.</summary>
    /// <param name="session">The run.</param>
    /// <param name="facts">What the store does not know.</param>
    public static RunSummary Make(RunSession session, RunFacts facts)
    {
        IReadOnlyList<SightingView> sightings = session.Store.Reader.Sightings(session.Run.Id);
        RunSummary summary = Summarise(session, facts, sightings);
        SummaryJson.Write(summary, session.Output.Summary);
        WriteReport(session, facts, summary, sightings);
        return summary;
    }

    private static RunSummary Summarise(RunSession session, RunFacts facts, IReadOnlyList<SightingView> sightings)
    {
        IReadOnlyDictionary<string, long> events = session.Store.Reader.EventCounts(session.Run.Id);
        ILookup<string, SightingView> byCamera = sightings.ToLookup(s => s.Camera);
        RunObserver counts = session.Observer;
        return new RunSummary
        {
            Version = typeof(SummaryMaker).Assembly.GetName().Version!.ToString(3), // every assembly of this build has one
            Site = facts.Settings.Value.Run.Site,
            Input = facts.Input,
            Outcome = facts.Outcome,
            StartedAt = facts.StartedAt,
            Elapsed = facts.Elapsed,
            ReadBefore = facts.ReadBefore,
            Detector = facts.Detector,
            ReidModel = session.Run.ModelId,
            Device = facts.Device,
            Threshold = session.Threshold,
            Counts = new RunCounts(
                facts.Cameras.Sum(c => c.Summary.FramesAnalysed),
                counts.Tracklets,
                counts.TooPoor,
                counts.NewIdentities,
                counts.Matches,
                counts.Uncertain,
                events.Values.Sum(),
                session.Publisher is null ? null : session.Store.Outbox.Status().LastSequence - facts.EventsWaiting)
            {
                Corrected = ((string[])["merged", "split", "reassigned"]).Sum(type => events.GetValueOrDefault(type)),
            },
            Cameras = [.. facts.Cameras.Select(camera => camera.Summary with { Tracklets = byCamera[camera.Summary.Id].Count() })],
            Identities = Identities(sightings, session.Store.Reader.KnownBefore(session.Run.Id), session.Store.Reader.Identities().Where(one => one.Label is not null).ToDictionary(one => one.Id, one => one.Label!)),
            Problems = facts.Problems,
            Notices = [.. RunNotices.Of(session, sightings, facts.EventsWaiting), .. facts.Notices],
            Timings = facts.Timings,
            Files = new RunFiles(
                session.Output.Path,
                session.Output.Events,
                session.Store.Database,
                session.Store.CropsFolder,
                session.Output.Report,
                session.Publisher?.Broker),
            PeakMemoryBytes = PeakMemory(),
        };
    }

    private static void WriteReport(RunSession session, RunFacts facts, RunSummary summary, IReadOnlyList<SightingView> sightings)
    {
        Dictionary<Guid, string> pictures = sightings
            .Where(s => s.Crops.Count > 0)
            .ToDictionary(s => s.TrackletId, s => (s.Crops.FirstOrDefault(c => c.IsBest) ?? s.Crops[0]).Path);
        ReportCrop? Crop(SightingSummary sighting) =>
            pictures.TryGetValue(sighting.TrackletId, out string? path) && File.Exists(path) ? new ReportCrop(File.ReadAllBytes(path)) : null;
        ReportWriter.Write(new ReportModel(summary, [.. facts.Cameras.SelectMany(camera => camera.Recorded)], facts.Settings.InForce(), Crop), session.Output.Report);
    }

    private static List<Summary.IdentitySummary> Identities(
        IReadOnlyList<SightingView> sightings, IReadOnlySet<Guid> known, IReadOnlyDictionary<Guid, string> labels)
    {
        List<Summary.IdentitySummary> identities = [];
        foreach (IGrouping<Guid, SightingView> group in sightings.Where(s => s.IdentityId is not null).GroupBy(s => s.IdentityId!.Value))
        {
            identities.Add(new Summary.IdentitySummary(
                group.Key,
                identities.Count + 1,
                labels.GetValueOrDefault(group.Key),
                !known.Contains(group.Key), // not whether a founding sighting is among them: a second look may have taken it away
                [
                    .. group.OrderBy(s => s.StartAt).ThenBy(s => s.Camera, StringComparer.Ordinal).ThenBy(s => s.TrackNumber)
                        .Select(s => new SightingSummary(s.TrackletId, s.Camera, s.StartAt, s.EndAt, s.Similarity, s.Band ?? "reject", !s.IsNew) { Threshold = s.Threshold }),
                ]));
        }

        return identities;
    }

    private static long PeakMemory()
    {
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
