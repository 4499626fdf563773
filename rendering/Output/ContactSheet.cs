using OpenCvSharp;
using Pipeline.Files;

namespace Pipeline.Rendering.Output;

/// <summary>Many small pictures of a folder, or of several beside each other, in one: to look at a set.</summary>
public static class ContactSheet
{
    private const int CellWidth = 96;
    private const int CellHeight = 192;
    private const int Gap = 24;
    private static readonly string[] _endings = [".jpg", ".jpeg", ".png"];

    /// <summary>Draws the sheet: pictures drawn by lot, the same ones for the same seed.</summary>
    /// <param name="folders">Folders, searched with all below them; each gets a block of its own, from left to right.</param>
    /// <param name="columns">Pictures a row of a block, 1 to 100.</param>
    /// <param name="rows">Rows, 1 to 100.</param>
    /// <param name="seed">Another seed draws others.</param>
    /// <param name="output">The PNG file to write.</param>
    /// <exception cref="InvalidDataException">A folder holds no pictures, one cannot be decoded, or the file cannot be written.</exception>
    public static void Write(IReadOnlyList<string> folders, int columns, int rows, long seed, string output)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(output);
        if (columns is < 1 or > 100 || rows is < 1 or > 100)
        {
            throw new InvalidDataException($"--columns and --rows: 1 to 100, got {columns} and {rows}. Correct them, or leave them out.");
        }

        string[][] pictures = [.. folders.Select(f => Choose(f, columns * rows, seed))];
        int block = columns * CellWidth;
        using Mat sheet = new(rows * CellHeight, (folders.Count * block) + ((folders.Count - 1) * Gap), MatType.CV_8UC3, new Scalar(255, 255, 255));
        for (int b = 0; b < folders.Count; b++)
        {
            for (int i = 0; i < pictures[b].Length; i++)
            {
                Paste(pictures[b][i], sheet, (b * (block + Gap)) + (i % columns * CellWidth), i / columns * CellHeight);
            }
        }

        Save(sheet, output);
    }

    private static string[] Choose(string folder, int count, long seed)
    {
        string[] files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => _endings.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal)]
            : [];
        if (files.Length == 0)
        {
            throw new InvalidDataException($"'{folder}': no pictures in it. Name a folder with .jpg or .png files.");
        }

        SeededRandom random = new((ulong)seed);
        return [.. files.Select(f => (File: f, Key: random.Next())).OrderBy(x => x.Key).Take(count).Select(x => x.File)];
    }

    private static void Paste(string file, Mat sheet, int x, int y)
    {
        if (RegularFile.Fault(file) is { } fault)
        {
            throw new InvalidDataException($"'{file}' {fault}: no picture. Remove it.");
        }

        using Mat picture = Cv2.ImRead(file, ImreadModes.Color);
        if (picture.Empty())
        {
            throw new InvalidDataException($"'{file}': no picture that can be decoded. Remove it.");
        }

        using Mat small = new(), cell = sheet[new Rect(x, y, CellWidth, CellHeight)];
        Cv2.Resize(picture, small, new Size(CellWidth, CellHeight), interpolation: InterpolationFlags.Area);
        small.CopyTo(cell);
    }

    private static void Save(Mat sheet, string output)
    {
        Cv2.ImEncode(".png", sheet, out byte[] file);
        try
        {
            File.WriteAllBytes(output, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{output}': cannot be written: {e.Message.ReplaceLineEndings(" ")} Name another file.", e);
        }
    }
}
