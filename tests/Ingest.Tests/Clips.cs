using OpenCvSharp;

namespace Pipeline.Tests.Ingest;

/// <summary>Tiny recordings, made when a test needs them.</summary>
internal sealed class Clips : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("ingest").FullName;

    public string PathOf(params string[] parts)
    {
        string path = Path.Combine([Root, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>A video whose frame i is grey with value 10 i; 40x30 pixels unless told otherwise.</summary>
    public string Video(string name, int frames = 10, double fps = 10, int width = 40, int height = 30)
    {
        string path = PathOf(name.Split('/'));
        int codec = Path.GetExtension(name) == ".avi" ? FourCC.MJPG : FourCC.MP4V;
        using VideoWriter writer = new(path, codec, fps, new Size(width, height));
        for (int i = 0; i < frames; i++)
        {
            using Mat picture = Grey(i, width, height);
            writer.Write(picture);
        }

        return path;
    }

    public string Picture(string name, int value = 0, int width = 40, int height = 30)
    {
        string path = PathOf(name.Split('/'));
        using Mat picture = Grey(value, width, height);
        File.WriteAllBytes(path, picture.ToBytes(Path.GetExtension(name)));
        return path;
    }

    public string Text(string name, string content = "")
    {
        string path = PathOf(name.Split('/'));
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    internal static Mat Grey(int i, int width = 40, int height = 30) => new(height, width, MatType.CV_8UC3, Scalar.All(10 * i));
}
