using System.Globalization;
using System.Text;
using OpenCvSharp;
using Pipeline.Rendering.Sites.Filming;

namespace Pipeline.Rendering.Sites;

/// <summary>One recording (H.264 in MP4) and its truth, MOTChallenge text: frame, person, box, flag, class, visibility.</summary>
internal sealed class SegmentWriter : IDisposable
{
    /// <summary>People of whom less is seen have flag 0: nobody has to find them.</summary>
    public const float CountsFrom = .25f;

    private readonly string _path;
    private readonly VideoWriter _video;
    private readonly StringBuilder _truth = new();
    private int _frame;

    /// <summary>Opens it.</summary>
    /// <param name="path">Path without extension; its folder is there.</param>
    /// <param name="fps">Frames a second.</param>
    /// <param name="width">Elements a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="InvalidDataException">It cannot be written, or there is no H.264 encoder.</exception>
    public SegmentWriter(string path, int fps, int width, int height)
    {
        _path = path;
        _video = new VideoWriter(path + ".mp4", FourCC.FromString("avc1"), fps, new Size(width, height));
        if (!_video.IsOpened())
        {
            _video.Dispose();
            throw new InvalidDataException($"'{path}.mp4' cannot be written. Check that the folder is writable and has room, and that OpenCV's FFmpeg has an H.264 encoder (Debian's has).");
        }
    }

    /// <summary>Appends a frame.</summary>
    public void Write(Mat picture, IEnumerable<Seen> seen)
    {
        _video.Write(picture);
        _frame++;
        foreach (Seen person in seen)
        {
            _truth.Append(
                CultureInfo.InvariantCulture,
                $"{_frame},{person.Id},{person.Box.Left:F1},{person.Box.Top:F1},{person.Box.Width:F1},{person.Box.Height:F1},{(person.Visibility >= CountsFrom ? 1 : 0)},1,{person.Visibility:F3}\n");
        }
    }

    /// <summary>Ends the recording and writes its truth.</summary>
    public void Complete(int frames)
    {
        _video.Release();
        File.WriteAllText(_path + ".gt.txt", _truth.ToString());
        string folder = Path.GetDirectoryName(_path)!;
        File.WriteAllText(Path.Combine(folder, "seqinfo.ini"), $"[Sequence]\nname={Path.GetFileName(folder)}\nseqLength={frames.ToString(CultureInfo.InvariantCulture)}\n");
    }

    /// <inheritdoc/>
    public void Dispose() => _video.Dispose();
}
