using System.Text.RegularExpressions;
using Pipeline.Cli.Report;
using Pipeline.Cli.Summary;

namespace Pipeline.Tests.Cli;

public sealed partial class ReportWriterTests
{
    [Fact]
    public void Write_makes_one_file_that_needs_nothing_else_and_only_its_owner_reads()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "sample-report.html");

        ReportWriter.Write(SampleRun.Report(), file);

        string html = File.ReadAllText(file);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.All(References().Matches(html), m => Assert.Matches("^(data:image/png;base64,|#p\\d+$)", m.Groups[1].Value));
        Assert.Contains("data:image/png;base64,", html, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void Write_escapes_names_from_outside_everywhere()
    {
        ReportModel model = SampleRun.Report();
        RunSummary run = model.Run with
        {
            Site = SampleRun.Hostile,
            Input = [SampleRun.Hostile],
            Detector = SampleRun.Hostile,
            ReidModel = SampleRun.Hostile,
            Device = SampleRun.Hostile,
            Version = SampleRun.Hostile,
            Cameras = [.. model.Run.Cameras.Select(c => c with { Name = SampleRun.Hostile })],
            Identities = [.. model.Run.Identities.Select(i => i with { Label = SampleRun.Hostile })],
            Notices = [new RunNotice("x", SampleRun.Hostile)],
            Timings = [new StageTiming(SampleRun.Hostile, TimeSpan.Zero)],
        };

        string html = Html(model with { Run = run });

        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', html);
        Assert.DoesNotContain("\"'&", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_is_well_formed_enough_for_its_elements_to_pair_up()
    {
        string html = Html(SampleRun.Report());

        foreach (string name in new[] { "section", "article", "figure", "figcaption", "div", "svg", "a", "table", "details", "main", "body", "dl", "p" })
        {
            Assert.Equal(Regex.Count(html, $"<{name}[ >]"), Regex.Count(html, $"</{name}>"));
        }
    }

    [Fact]
    public void Write_shows_each_sighting_once_in_time_order_with_its_evidence()
    {
        ReportModel model = SampleRun.Report();

        string html = Html(model);

        Assert.Equal(model.Run.Identities.Sum(i => i.Sightings.Count), Regex.Count(html, "<figure>"));
        Assert.Equal(model.Run.Identities.Sum(i => i.Sightings.Count), Regex.Count(html, "class=\"bar\""));
        Assert.Contains("<span class=\"badge uncertain\">uncertain</span>", html, StringComparison.Ordinal);
        Assert.Contains("similarity 0.757, threshold 0.720", html, StringComparison.Ordinal);
        Assert.Contains("similarity 0.774, threshold 0.760", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_calls_no_match_what_was_taken_back_and_made_somebody_new()
    {
        ReportModel model = SampleRun.Report();
        IdentitySummary person = model.Run.Identities[0] with { IsNew = true };
        SightingSummary apart = person.Sightings[0] with { IsMatch = true, Similarity = 0.71f, Band = "accept" };

        string html = Html(model with { Run = model.Run with { Identities = [person with { Sightings = [apart] }] }, Crop = _ => null });

        Assert.Contains("<span class=\"badge corrected\">corrected</span>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("badge match", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_gives_a_camera_without_clock_its_own_axis_and_times_from_its_start()
    {
        string html = Html(SampleRun.Report());

        Assert.Contains("From the start of this camera; not comparable with the others", html, StringComparison.Ordinal);
        Assert.Contains("<b>Back</b><span class=\"time\">0:12</span>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("2000-01-01", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_says_that_nobody_was_there_when_nobody_was()
    {
        string html = Html(SampleRun.Report(people: 0));

        Assert.Contains("Nobody was recognised.", html, StringComparison.Ordinal);
        Assert.Contains("<h1>0 people at 3 cameras</h1>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_survives_a_run_without_cameras_and_one_that_lasted_an_instant()
    {
        RunSummary none = SampleRun.Summary(0) with { Cameras = [], Outcome = RunOutcome.Failed };
        CameraSummary instant = SampleRun.Summary().Cameras[1] with { EndAt = SampleRun.Start };
        RunSummary one = SampleRun.Summary(0) with { Cameras = [instant] };

        Assert.Contains("Broke off", Html(new ReportModel(none, [], [], _ => null)), StringComparison.Ordinal);
        Assert.Contains("Loading dock", Html(new ReportModel(one, [], [], _ => null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_leaves_out_what_no_browser_scrolls_and_says_so()
    {
        ReportModel model = SampleRun.Report(people: ReportWriter.MostPeople + 3);

        string html = Html(model with { Crop = _ => null });

        Assert.Equal(ReportWriter.MostPeople, Regex.Count(html, "<article"));
        Assert.Contains("And 3 more", html, StringComparison.Ordinal);
    }

    private static string Html(ReportModel model)
    {
        using StringWriter output = new();
        ReportWriter.Write(model, output);
        return output.ToString();
    }

    [GeneratedRegex("(?:(?: src| href)=\"|url\\()([^\")]*)")]
    private static partial Regex References();
}
