using Pipeline.Reid;
using Pipeline.Reid.Data;

namespace Pipeline.Tests.Reid;

/// <summary>Made-up data sets on disk.</summary>
internal static class DataPictures
{
    /// <summary>Writes a small JPEG at a path within a folder and returns its whole path.</summary>
    public static string Write(TemporaryFolder folder, string path, int seed = 1, int width = 24, int height = 48)
    {
        string whole = folder.Path(path.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        File.WriteAllBytes(whole, PictureIo.ToJpeg(Pictures.Noise(width, height, seed)));
        return whole;
    }

    /// <summary>Persons 1 to n with as many pictures each under as many cameras, on disk.</summary>
    public static List<LabelledPicture> People(TemporaryFolder folder, int people, int each, int cameras) =>
    [
        .. from person in Enumerable.Range(1, people)
           from i in Enumerable.Range(0, each)
           let camera = (i % cameras) + 1
           select new LabelledPicture(Write(folder, $"{person}/{camera}/{i}.jpg", (100 * person) + i), person, camera),
    ];
}
