using System.Globalization;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Report;
using Pipeline.Cli.Summary;

namespace Pipeline.Tests.Cli;

/// <summary>A made-up run: two cameras with a clock, one without, a hostile name, a person of an earlier run.</summary>
public static class SampleRun
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 15, 0, TimeSpan.Zero);

    public const string Hostile = "<img src=x onerror=alert(1)>\"'&\u001b[31m.mp4";

    public static RunSummary Summary(int people = 7) => new()
    {
        Version = "0.1.0",
        Site = "north-store",
        Input = ["recordings/saturday"],
        Outcome = RunOutcome.Finished,
        StartedAt = Start.AddHours(3),
        Elapsed = TimeSpan.FromSeconds(41.5),
        Detector = "nanodet-g@sha256:9c1f2ab4",
        ReidModel = "colour-layout@1",
        Device = "cpu (no CUDA driver on this machine)",
        Threshold = 0.72f,
        Counts = new RunCounts(2415, 19, 2, people, 9, 1, 16 + people, 16 + people),
        Cameras =
        [
            new CameraSummary("back", "Back", 1, 900, 300, TimeSpan.FromSeconds(60), new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2000, 1, 1, 0, 1, 0, TimeSpan.Zero), "order", false, 3, 0.71, 1),
            new CameraSummary("dock", "Loading dock", 2, 6000, 1200, TimeSpan.FromSeconds(240), Start, Start.AddSeconds(300), "file_name", true, 9, 0.38, 0),
            new CameraSummary("entrance", "Entrance", 1, 4575, 915, TimeSpan.FromSeconds(183), Start.AddSeconds(20), Start.AddSeconds(203), "file_name", true, 7, 0.12, 0),
        ],
        Identities = [.. Enumerable.Range(1, people).Select(Person)],
        Problems = [new RunProblem("back", $"cannot read 'back/{Hostile}': no video stream. Check that it plays, or take it out of the folder.")],
        Notices =
        [
            new RunNotice("no_network", "No re-id network is in use: people are compared by the colours of their clothes. Name one with --reid-model."),
            new RunNotice("not_calibrated", "The threshold is not calibrated for these cameras: similarities are no probabilities."),
            new RunNotice("no_clock", "Back is known by order alone: its times say nothing about the other cameras."),
        ],
        Timings = [new StageTiming("ingest", TimeSpan.FromSeconds(21.4)), new StageTiming("detect", TimeSpan.FromSeconds(48.1)), new StageTiming("embed", TimeSpan.FromSeconds(3.2))],
        Files = new RunFiles("runs/saturday", "runs/saturday/events.jsonl", "runs/saturday/identities.db", "runs/saturday/crops", "runs/saturday/report.html", "mqtt://***@127.0.0.1:1883"),
        PeakMemoryBytes = 412_000_000,
    };

    public static ReportModel Report(int people = 7)
    {
        RunSummary run = Summary(people);
        int crop = 0;
        return new ReportModel(
            run,
            [
                new RecordedSpan("dock", Start, Start.AddSeconds(120)),
                new RecordedSpan("dock", Start.AddSeconds(180), Start.AddSeconds(300)),
                new RecordedSpan("entrance", Start.AddSeconds(20), Start.AddSeconds(203)),
                new RecordedSpan("back", run.Cameras[0].StartAt!.Value, run.Cameras[0].EndAt!.Value),
            ],
            SettingsLoader.Load<Settings>(SettingsSources.None).InForce(),
            sighting => ++crop % 9 == 0 ? null : new ReportCrop(SamplePicture.Png(run.Identities.First(i => i.Sightings.Contains(sighting)).Number), "image/png"));
    }

    private static IdentitySummary Person(int number)
    {
        List<SightingSummary> sightings = [];
        DateTimeOffset at = Start.AddSeconds(8 + (number * 17 % 160));
        for (int i = 0; i <= (number == 2 ? 11 : number % 3); i++)
        {
            string camera = i % 2 == 0 ? "dock" : "entrance";
            string band = i > 0 ? "accept" : number == 4 ? "uncertain" : "reject";
            float? similarity = number == 1 && i == 0 ? null : i > 0 ? 0.74f + (i * 0.017f) : 0.31f + (number * 0.05f);
            sightings.Add(new SightingSummary(Id(number, i), camera, at, at.AddSeconds(6 + (number * 3 % 11)), similarity, band, i > 0) { Threshold = i == 2 ? 0.76f : null }); // back at the same camera
            at = at.AddSeconds(number == 2 ? 21 : 34);
        }

        if (number == 3)
        {
            DateTimeOffset noClock = new(2000, 1, 1, 0, 0, 12, TimeSpan.Zero);
            sightings.Insert(0, new SightingSummary(Id(number, 99), "back", noClock, noClock.AddSeconds(9), 0.801f, "accept", true));
        }

        return new IdentitySummary(Id(number, 1000), number, number == 5 ? "Ms. <b>Bold</b> & Co" : null, number != 6, sightings);
    }

    private static Guid Id(int a, int b) => Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"019a9f3b-{a:x4}-7c21-9f00-{b:x12}"));
}
