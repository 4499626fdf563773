using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Detector;
using Pipeline.Reid;
using Pipeline.Store.Mqtt;

namespace Pipeline.Cli.Doctor;

/// <summary>The checks of <c>pipeline doctor</c>: small functions of the settings, none of which throws. A new one is a function and a line in <see cref="All"/>.</summary>
public static class DoctorChecks
{
    private const long Gigabyte = 1L << 30;

    /// <summary>All checks, in the order shown.</summary>
    public static IReadOnlyList<Func<LoadedSettings<Settings>, CheckResult>> All { get; } =
    [
        _ => Processors(),
        _ => Memory(),
        _ => Gpu(),
        _ => Works("OpenCV", CheckLevel.Fail, "./run --setup-only builds the bridge; it needs the Debian package libopencv-dev.", () => Cv2.GetVersionString() ?? "unknown version"),
        _ => Works("ONNX Runtime", CheckLevel.Fail, "./run --setup-only fetches it.", OnnxRuntime),
        _ => Library("SQLite", CheckLevel.Fail, "apt-get install libsqlite3-0", "libsqlite3.so.0", "e_sqlite3"),
        _ => Library("mosquitto", CheckLevel.Warn, "apt-get install libmosquitto1; without it run with --no-mqtt.", "libmosquitto.so.1"),
        _ => Broker(LocalBroker.Program),
        _ => Library("libtorch", CheckLevel.Warn, "Only needed to train and to export networks: apt-get install libtorch-dev, or set LIBTORCH.", [.. TorchNames()]),
        _ => Folder("cache", CacheFolder()),
        s => Folder("output", OutputFolder(s)),
        s => Space("disk space", OutputFolder(s)),
        s => Folder("store", Path.GetDirectoryName(StoreFile(s))!), // a full path of a file has one
        Detector,
        ReidModel,
        NamedBroker,
    ];

    /// <summary>Where set-up keeps what it fetched.</summary>
    public static string CacheFolder()
    {
        string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        root = string.IsNullOrEmpty(root) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache") : root;
        return Path.Combine(root, "reid-pipeline");
    }

    /// <summary>How many processors the process may use.</summary>
    public static CheckResult Processors() => Environment.ProcessorCount switch
    {
        1 => new CheckResult(CheckLevel.Warn, "processors", "1: decoding and networks take turns.", "More cores make a run faster."),
        int count => new CheckResult(CheckLevel.Fine, "processors", $"{count}, {RuntimeInformation.ProcessArchitecture}"),
    };

    /// <summary>How much memory the process may use.</summary>
    public static CheckResult Memory()
    {
        long bytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return bytes < 2 * Gigabyte
            ? new CheckResult(CheckLevel.Warn, "memory", Size(bytes), "4 cameras at 1080p take about 1 GB; free some, or run fewer cameras.")
            : new CheckResult(CheckLevel.Fine, "memory", Size(bytes));
    }

    /// <summary>Whether a CUDA driver is there.</summary>
    public static CheckResult Gpu() => NativeLibrary.TryLoad("libcuda.so.1", out _)
        ? new CheckResult(CheckLevel.Fine, "GPU", "NVIDIA driver found; used where the ONNX Runtime in place supports CUDA.")
        : new CheckResult(CheckLevel.Fine, "GPU", "none: networks run on the CPU.");

    /// <summary>Whether a native library loads, beside the program or from the system.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="missing">How bad it is when it is missing.</param>
    /// <param name="remedy">What to do then.</param>
    /// <param name="files">Names or paths; the first that loads counts.</param>
    public static CheckResult Library(string name, CheckLevel missing, string remedy, params IReadOnlyList<string> files)
    {
        foreach (string file in files)
        {
            if (NativeLibrary.TryLoad(file, typeof(DoctorChecks).Assembly, DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory, out _))
            {
                return new CheckResult(CheckLevel.Fine, name, $"{Path.GetFileName(file)} loads.");
            }
        }

        return new CheckResult(missing, name, $"{Path.GetFileName(files[0])} does not load.", remedy);
    }

    /// <summary>Whether a binding works, asked by a call that loads its library.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="missing">How bad it is when it does not.</param>
    /// <param name="remedy">What to do then.</param>
    /// <param name="call">Gives its version.</param>
    public static CheckResult Works(string name, CheckLevel missing, string remedy, Func<string> call)
    {
        try
        {
            return new CheckResult(CheckLevel.Fine, name, call());
        }
        catch (Exception e) // whatever keeps a library from loading is what was asked for
        {
            return new CheckResult(missing, name, Failure.Unwrap(e).Message, remedy);
        }
    }

    /// <summary>Whether a folder exists, or can be made, and written to. Leaves nothing behind but the folder.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="folder">The folder.</param>
    public static CheckResult Folder(string name, string folder)
    {
        string existing = Existing(folder);
        string probe = Path.Combine(existing, $".pipeline-doctor-{Environment.ProcessId}");
        try
        {
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            return new CheckResult(CheckLevel.Fine, name, folder == existing ? $"{folder} is writable." : $"{folder} can be made.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CheckResult(CheckLevel.Fail, name, $"{folder} is not writable: {e.Message}", "Check owner, mode and free space, or name another folder.");
        }
    }

    /// <summary>Whether there is room on a folder's disk: warns under 2 GB, fails under 100 MB.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="folder">The folder; it need not exist yet.</param>
    public static CheckResult Space(string name, string folder)
    {
        try
        {
            long free = new DriveInfo(Existing(folder)).AvailableFreeSpace;
            CheckLevel level = free < Gigabyte / 10 ? CheckLevel.Fail : free < 2 * Gigabyte ? CheckLevel.Warn : CheckLevel.Fine;
            return new CheckResult(level, name, $"{Size(free)} free for {folder}", level == CheckLevel.Fine ? null : "Free some, or name another folder with --output.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new CheckResult(CheckLevel.Warn, name, $"unknown for {folder}: {e.Message}", "Check it with df.");
        }
    }

    /// <summary>Whether somebody answers at a TCP port within 3 s.</summary>
    /// <param name="name">What should answer.</param>
    /// <param name="host">Host name or address.</param>
    /// <param name="port">Port.</param>
    /// <param name="remedy">What to do when nobody does.</param>
    public static CheckResult Reachable(string name, string host, int port, string remedy)
    {
        try
        {
            using TcpClient client = new();
            // On a thread of its own: a busy pool would be taken for a broker that does not answer.
            Task connecting = Task.Factory.StartNew(() => client.Connect(host, port), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return connecting.Wait(TimeSpan.FromSeconds(3))
                ? new CheckResult(CheckLevel.Fine, name, $"{host}:{port} answers.")
                : new CheckResult(CheckLevel.Warn, name, $"{host}:{port} does not answer within 3 s.", remedy);
        }
        catch (AggregateException e) when (e.InnerException is SocketException refused)
        {
            return new CheckResult(CheckLevel.Warn, name, $"{host}:{port}: {refused.Message}", remedy);
        }
    }

    /// <summary>Whether the broker program is there that the sample starts.</summary>
    /// <param name="program">Its path; null where it is not installed.</param>
    public static CheckResult Broker(string? program) => program is null
        ? new CheckResult(CheckLevel.Warn, "broker program", "mosquitto is not installed.", "Only the sample starts one: apt-get install mosquitto, or name a broker with --mqtt.")
        : new CheckResult(CheckLevel.Fine, "broker program", program);

    /// <summary>Which detector a run would use, opened.</summary>
    /// <param name="settings">Settings in force.</param>
    public static CheckResult Detector(LoadedSettings<Settings> settings) => Model("detector", "detector.model", "Do as it says, or run with hog.", notices =>
    {
        using IPersonDetector detector = Models.OpenDetector(settings, notices);
        return $"{detector.Id}: {detector.Description}";
    });

    /// <summary>Which re-identification model a run would use, opened, and whether it is calibrated.</summary>
    /// <param name="settings">Settings in force.</param>
    public static CheckResult ReidModel(LoadedSettings<Settings> settings) => Model("re-id model", "reid.model", "Name a trained network with --reid-model.", notices =>
    {
        using IEmbedder embedder = Models.OpenEmbedder(settings, notices);
        float threshold = settings.Value.Linker.Threshold ?? embedder.DefaultThreshold;
        string calibrated = embedder.Calibration is { } calibration ? $"calibrated by {calibration.Id}"
            : string.Create(CultureInfo.InvariantCulture, $"not calibrated: {threshold:0.00} is its usual threshold, not one measured at this site");
        return $"{embedder.ModelId}, {embedder.RunsOn ?? "no network"}; {calibrated}";
    });

    /// <summary>Whether the broker that the settings name answers; fine when they name none.</summary>
    /// <param name="settings">Settings in force.</param>
    public static CheckResult NamedBroker(LoadedSettings<Settings> settings)
    {
        const string Remedy = "Start it, or correct mqtt.broker; until then events wait in the store.";
        if (Effective.Mqtt(settings) is not { } mqtt)
        {
            return new CheckResult(CheckLevel.Fine, "broker", "none is named: events go to events.jsonl only.");
        }

        (string host, int port) = mqtt.Address()!.Value; // it has a broker
        return Reachable("broker", host, port, Remedy);
    }

    private static CheckResult Model(string name, string key, string remedy, Func<List<RunNotice>, string> open)
    {
        List<RunNotice> notices = [];
        try
        {
            string found = open(notices);
            return notices.Count == 0
                ? new CheckResult(CheckLevel.Fine, name, found)
                : new CheckResult(CheckLevel.Warn, name, string.Join(' ', notices.Select(notice => notice.Text)), remedy);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or DllNotFoundException or TypeInitializationException)
        {
            return new CheckResult(CheckLevel.Fail, name, Failure.Unwrap(e).Message, $"Correct {key}, or leave it out.");
        }
    }

    private static string OnnxRuntime()
    {
        OrtEnv environment = OrtEnv.Instance();
        IEnumerable<string> providers = environment.GetAvailableProviders().Select(p => p.Replace("ExecutionProvider", "", StringComparison.Ordinal));
        return $"{environment.GetVersionString()}: {string.Join(", ", providers)}";
    }

    private static string OutputFolder(LoadedSettings<Settings> settings) =>
        settings.Resolve("run.output", settings.Value.Run.Output is "" ? "runs" : settings.Value.Run.Output);

    private static string StoreFile(LoadedSettings<Settings> settings) =>
        settings.Value.Store.File is { } file ? settings.Resolve("store.file", file) : Path.Combine(OutputFolder(settings), "identities.db");

    private static IEnumerable<string> TorchNames()
    {
        if (Environment.GetEnvironmentVariable("LIBTORCH") is { Length: > 0 } home)
        {
            yield return Path.Combine(home, "lib", "libtorch.so");
        }

        yield return "libtorch.so";
        yield return "libtorch.so.1.13";
    }

    private static string Existing(string folder)
    {
        string? at = Path.GetFullPath(folder);
        while (at is not null && !Directory.Exists(at))
        {
            at = Path.GetDirectoryName(at);
        }

        return at ?? "/";
    }

    private static string Size(long bytes) => bytes >= Gigabyte / 10
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)Gigabyte:0.0} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB");
}
