using System.Text.Json;
using Pipeline.Cli.Summary;

namespace Pipeline.Tests.Cli;

public sealed class SummaryJsonTests
{
    [Fact]
    public void Write_makes_snake_case_with_durations_in_ms_and_times_in_utc()
    {
        string file = Path.Combine(Path.GetTempPath(), $"summary-{Guid.NewGuid():n}.json");
        try
        {
            SummaryJson.Write(SampleRun.Summary(), file);

            using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
            JsonElement root = json.RootElement;
            Assert.Equal(41500, root.GetProperty("elapsed_ms").GetInt64());
            Assert.Equal(483000, root.GetProperty("footage_ms").GetInt64());
            Assert.Equal("finished", root.GetProperty("outcome").GetString());
            Assert.Equal(7, root.GetProperty("counts").GetProperty("new_identities").GetInt32());
            JsonElement sighting = root.GetProperty("identities")[0].GetProperty("sightings")[1];
            Assert.Equal("2026-11-21T08:15:59.000Z", sighting.GetProperty("start_at").GetString());
            Assert.True(sighting.GetProperty("is_match").GetBoolean());
            Assert.Equal(21400, root.GetProperty("timings")[0].GetProperty("busy_ms").GetInt64());
            Assert.False(File.Exists(file + ".part"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_resumed_run_has_all_footage_and_the_pace_of_its_last_piece()
    {
        RunSummary whole = SampleRun.Summary();

        RunSummary resumed = whole with { ReadBefore = whole.Footage - whole.Elapsed };

        Assert.Equal(whole.Footage, resumed.Footage);
        Assert.Equal(1, resumed.TimesRealTime, 6);
    }

    [Fact]
    public void Write_replaces_what_a_killed_run_left_behind()
    {
        string file = Path.Combine(Path.GetTempPath(), $"summary-{Guid.NewGuid():n}.json");
        try
        {
            File.WriteAllText(file + ".part", "half");
            File.WriteAllText(file, "old");

            SummaryJson.Write(SampleRun.Summary(0), file);

            Assert.StartsWith("{", File.ReadAllText(file), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
