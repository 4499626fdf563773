using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;

namespace Pipeline.Cli.Report;

/// <summary>All that the contact sheet shows.</summary>
/// <param name="Run">The run: counts, cameras, identities with their sightings, problems, notices.</param>
/// <param name="Recorded">When each camera recorded: the background of the timeline.</param>
/// <param name="Settings">Settings in force, secrets hidden.</param>
/// <param name="Crop">The best crop of a sighting; null when there is none. Asked once for each sighting, in the order shown.</param>
public sealed record ReportModel(
    RunSummary Run, IReadOnlyList<RecordedSpan> Recorded, IReadOnlyList<SettingInForce> Settings, Func<SightingSummary, ReportCrop?> Crop);

/// <summary>A segment, as the timeline shows it.</summary>
/// <param name="Camera">Camera id.</param>
/// <param name="StartAt">Capture time of its first frame.</param>
/// <param name="EndAt">Capture time of its last frame.</param>
public sealed record RecordedSpan(string Camera, DateTimeOffset StartAt, DateTimeOffset EndAt);

/// <summary>A picture of a person.</summary>
/// <param name="Bytes">An encoded picture.</param>
/// <param name="MediaType"><c>image/jpeg</c> or <c>image/png</c>.</param>
public sealed record ReportCrop(byte[] Bytes, string MediaType = "image/jpeg");
