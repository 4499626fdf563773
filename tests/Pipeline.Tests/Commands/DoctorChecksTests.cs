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
    public void A_file_must_be_there_and_hold_something()
    {
        string file = Path.GetTempFileName();
        try
        {
            Assert.Equal($"{file} is empty.", DoctorChecks.FileThere("model", CheckLevel.Warn, file, "fetch it").Found);
            File.WriteAllBytes(file, new byte[3 << 20]);
            Assert.Equal($"{file}, 3.0 MB", DoctorChecks.FileThere("model", CheckLevel.Warn, file, "fetch it").Found);
            Assert.Equal(CheckLevel.Warn, DoctorChecks.FileThere("model", CheckLevel.Warn, file + "x", "fetch it").Level);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
