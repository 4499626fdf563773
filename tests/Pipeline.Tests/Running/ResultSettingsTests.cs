using Pipeline.Cli.Running;

namespace Pipeline.Tests.Cli;

public class ResultSettingsTests
{
    [Fact]
    public void RequireSame_names_every_setting_that_differs_the_device_among_them()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => ResultSettings.RequireSame(
            """{"run.device":"cpu","ingest.fps":"5"}""", """{"run.device":"cuda","ingest.fps":"5","linker.margin":"0.1"}"""));

        Assert.Contains("linker.margin was not there, got 0.1; run.device was cpu, got cuda.", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ingest.fps", e.Message, StringComparison.Ordinal);
    }
}
