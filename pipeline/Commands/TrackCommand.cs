using System.CommandLine;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;
using Pipeline.Tracker;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline track</c>.</summary>
internal sealed class TrackCommand : SettingsCommand
{
    private static readonly string[] s_thresholds = ["tracker.high_threshold", "tracker.new_track_threshold"];
    private readonly Option<string> _detections = new("--detections") { Description = "MOTChallenge detections of one recording.", HelpName = "FILE", Required = true };
    private readonly Option<string> _output = new("--output") { Description = "File to write.", HelpName = "FILE", Required = true };
    private readonly Option<double?> _rate = new("--fps") { Description = "Frames a second of the recording; default: frameRate of a seqinfo.ini beside the detections, else 30.", HelpName = "N" };
    private readonly Option<int> _interpolate = new("--interpolate")
    {
        Description = "Fills gaps inside a track up to so many ms by straight lines; default 0, as a live tracker would give it.", HelpName = "MS",
    };

    private readonly Option<int> _foresee = new("--foresee")
    {
        Description = "For so many ms, somebody who is not found is put where his motion takes him; 0 for boxes of detections only.",
        HelpName = "MS",
        DefaultValueFactory = _ => 250,
    };

    private readonly Option<bool> _offline = new("--offline")
    {
        Description = "With the whole recording known: doubtful tracks go, pieces of one walk are joined, gaps filled, boxes smoothed (settings tracker.offline).",
    };

    /// <summary>Makes the command.</summary>
    public TrackCommand()
        : base("track", "Follows people through one recording: MOTChallenge tracks from MOTChallenge detections. Thresholds go by the scores unless they are set.", "no short flag")
    {
        Add(_detections);
        Add(_output);
        Add(_rate);
        Add(_interpolate);
        Add(_foresee);
        Add(_offline);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline track --detections det.txt --output tracks.txt --fps 25",
        "pipeline track --detections det.txt --output tracks.txt --offline                    # better, where nobody waits for the result",
        "pipeline track --detections det.txt --output tracks.txt --tracker.max_lost_ms 2000     # any setting of the tracker",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<Settings> settings = Load(call);
        (string from, string to) = (call.Get(_detections)!, call.Get(_output)!); // both are required
        double rate = call.Get(_rate) ?? SequenceInfo.Of(from).FrameRate ?? 30;
        (int gap, int foresee) = (call.Get(_interpolate), call.Get(_foresee));
        if (!(double.IsFinite(rate) && rate > 0) || gap < 0 || foresee < 0)
        {
            throw new InvalidDataException($"--fps above 0, --interpolate and --foresee from 0 are needed, got {rate}, {gap} and {foresee}. Correct them.");
        }

        IReadOnlyList<MotRow> detections = Read(from);
        TrackerOptions options = Fitted(settings, detections);
        int every = Every(detections, rate);
        IEnumerable<MotRow> analysed = detections.Select(row => row with { Frame = ((row.Frame - 1) / every) + 1 });
        int first = detections.Count == 0 ? 0 : (detections[0].Frame - 1) % every;
        IReadOnlyList<MotRow> followed = call.Get(_offline)
            ? MotTracking.TrackOffline(analysed, rate / every, options)
            : MotTracking.Track(analysed, rate / every, options, TimeSpan.FromMilliseconds(foresee), TimeSpan.FromMilliseconds(gap));
        MotRow[] tracks = [.. followed.Select(row => row with { Frame = ((row.Frame - 1) * every) + 1 + first })];
        PrivateFile.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(to)) ?? "/");
        PrivateFile.Write(to, writer => writer.Write(MotText.Format(tracks)));
        int people = tracks.Select(row => row.Id).Distinct().Count();
        await call.Output.WriteLineAsync(call.Json
            ? SummaryJson.Line(new { path = to, detections = detections.Count, boxes = tracks.Length, tracks = people, high_threshold = options.HighThreshold, new_track_threshold = options.NewTrackThreshold })
            : $"{to}: {people} tracks with {tracks.Length} boxes, from {detections.Count} detections{(every > 1 ? $" on every frame of {every}" : "")}"
            + FormattableString.Invariant($"; sure from {options.HighThreshold:0.00}, a new track from {options.NewTrackThreshold:0.00}"));
        long left = detections.CountBy(row => row.Frame).Sum(frame => (long)Math.Max(0, frame.Value - options.MaxDetections));
        if (left == 0)
        {
            return ExitCode.Fine;
        }

        await call.Error.WriteLineAsync($"pipeline: {left} detections of crowded frames were left out, the least sure ones; raise tracker.max_detections ({options.MaxDetections}) to follow more.");
        return ExitCode.Losses;
    }

    /// <summary>The tracker's settings, with its thresholds by the scores found unless the user set one of them.</summary>
    internal static TrackerOptions Fitted(LoadedSettings<Settings> settings, IReadOnlyList<MotRow> detections) =>
        s_thresholds.All(key => settings.OriginOf(key).Layer == SettingLayer.Default) ? ScoreLevels.Fit(settings.Value.Tracker, detections) : settings.Value.Tracker;

    // Where only every so manyth frame was looked at (pipeline detect --fps), the frames between are not frames without people.
    private static int Every(IReadOnlyList<MotRow> detections, double rate)
    {
        int step = 0;
        foreach (MotRow row in detections)
        {
            step = (int)System.Numerics.BigInteger.GreatestCommonDivisor(step, row.Frame - detections[0].Frame);
        }

        return step > 1 && step <= rate ? step : 1; // once a second at least: else it is but a recording with few people
    }

    /// <summary>Reads MOTChallenge detections.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is missing, or a line is none of that form.</exception>
    internal static IReadOnlyList<MotRow> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"'{path}': no such file. Name a file of MOTChallenge detections; pipeline detect makes one.");
        }

        try
        {
            List<MotRow> rows = MotText.Parse(File.ReadAllText(path));
            return rows.Count > 0 && rows.Min(row => row.Frame) is < 1 and int first
                ? throw new InvalidDataException($"frames are numbered from 1, got {first}. Correct the file.")
                : rows;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}': {e.Message}", e);
        }
    }
}
