using System.Net;
using System.Net.Sockets;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Doctor;

namespace Pipeline.Tests.Cli;

public sealed class DoctorChecksTests
{
    [Fact]
    public void No_check_throws_and_each_that_is_not_fine_has_a_remedy()
    {
        LoadedSettings<Settings> settings = SettingsLoader.Load<Settings>(SettingsSources.None);

        CheckResult[] results = [.. DoctorChecks.All.Select(check => check(settings))];

        Assert.All(results, r => Assert.True(r.Level == CheckLevel.Fine || r.Remedy is { Length: > 0 }, r.Name));
        Assert.All(results.GroupBy(r => r.Name), g => Assert.Single(g));
    }

    [Fact]
    public void A_library_that_is_not_there_is_named_with_its_remedy()
    {
        CheckResult result = DoctorChecks.Library("thing", CheckLevel.Warn, "install it", "libno-such-thing.so.9");

        Assert.Equal(new CheckResult(CheckLevel.Warn, "thing", "libno-such-thing.so.9 does not load.", "install it"), result);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_fails()
    {
        CheckResult under = DoctorChecks.Folder("store", "/proc/no/such");
        CheckResult fine = DoctorChecks.Folder("store", Path.Combine(Path.GetTempPath(), "not", "yet"));

        Assert.Equal(CheckLevel.Fail, under.Level);
        Assert.Contains("/proc/no/such is not writable", under.Found, StringComparison.Ordinal);
        Assert.Equal(CheckLevel.Fine, fine.Level);
        Assert.EndsWith("can be made.", fine.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broker_that_answers_is_fine_and_one_that_does_not_is_a_warning()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;

        CheckResult there = DoctorChecks.Reachable("broker", "127.0.0.1", port, "start it");
        listener.Stop();
        CheckResult gone = DoctorChecks.Reachable("broker", "127.0.0.1", port, "start it");

        Assert.Equal(CheckLevel.Fine, there.Level);
        Assert.Equal((CheckLevel.Warn, "start it"), (gone.Level, gone.Remedy));
    }

    [Fact]
    public void Models_that_a_run_would_use_are_opened()
    {
        CheckResult hog = DoctorChecks.Detector(With("detector.model", "hog"));
        CheckResult missing = DoctorChecks.Detector(With("detector.model", "/no/such.onnx"));
        CheckResult colour = DoctorChecks.ReidModel(With("reid.model", "colour"));
        CheckResult none = DoctorChecks.ReidModel(With("reid.model", "/no/such.onnx"));

        Assert.Equal(CheckLevel.Fine, hog.Level);
        Assert.Equal((CheckLevel.Fail, "Correct detector.model, or leave it out."), (missing.Level, missing.Remedy));
        Assert.Contains("'/no/such.onnx': there is no such file", missing.Found, StringComparison.Ordinal);
        Assert.Contains("no network", colour.Found, StringComparison.Ordinal);
        Assert.Equal((CheckLevel.Fail, "Correct reid.model, or leave it out."), (none.Level, none.Remedy));
    }

    private static LoadedSettings<Settings> With(string key, string value) =>
        SettingsLoader.Load<Settings>(new SettingsSources(null, new Dictionary<string, string>(), [new SettingFlag(key, value, "--set")]));
}
