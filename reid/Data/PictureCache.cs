using System.Runtime.InteropServices;
using OpenCvSharp;
using Pipeline.Files;

namespace Pipeline.Reid.Data;

/// <summary>
/// Pictures decoded and resized once, kept in memory as bytes: red, green, blue, interleaved, rows without padding. Thread-safe once loaded.
/// </summary>
public sealed class PictureCache
{
    private const int LargestChunk = 1 << 30; // bytes: an array holds less than 2 GiB

    private readonly byte[][] _chunks;
    private readonly int[] _slots; // where each picture lies; slots of unreadable pictures stay empty
    private readonly int _perChunk;

    private PictureCache(int height, int width, int marginHeight, int marginWidth, int count)
    {
        (Height, Width, MarginHeight, MarginWidth) = (height, width, marginHeight, marginWidth);
        _perChunk = Math.Max(1, LargestChunk / PictureLength);
        int chunks = (count + _perChunk - 1) / _perChunk;
        _chunks = new byte[chunks][];
        for (int i = 0; i < chunks; i++)
        {
            _chunks[i] = GC.AllocateUninitializedArray<byte>(Math.Min(_perChunk, count - (i * _perChunk)) * PictureLength);
        }

        _slots = new int[count];
        Pictures = [];
        Skipped = [];
    }

    private PictureCache(PictureCache loaded, int[] slots, IReadOnlyList<LabelledPicture> pictures, IReadOnlyList<string> skipped)
    {
        (Height, Width, MarginHeight, MarginWidth) = (loaded.Height, loaded.Width, loaded.MarginHeight, loaded.MarginWidth);
        (_perChunk, _chunks, _slots, Pictures, Skipped) = (loaded._perChunk, loaded._chunks, slots, pictures, skipped);
    }

    /// <summary>Rows that a network sees.</summary>
    public int Height { get; }

    /// <summary>Columns that a network sees.</summary>
    public int Width { get; }

    /// <summary>Rows kept beyond <see cref="Height"/>, for shifting.</summary>
    public int MarginHeight { get; }

    /// <summary>Columns kept beyond <see cref="Width"/>, for shifting.</summary>
    public int MarginWidth { get; }

    /// <summary>The pictures held, in the order given, without those that could not be read. Labels must be made from this list.</summary>
    public IReadOnlyList<LabelledPicture> Pictures { get; }

    /// <summary>One line for every picture that could not be read.</summary>
    public IReadOnlyList<string> Skipped { get; }

    /// <summary>Pictures held.</summary>
    public int Count => Pictures.Count;

    /// <summary>Some of the pictures as they are in their files, spread over the set: its first pictures are of few people.</summary>
    /// <param name="most">How many at most.</param>
    internal IReadOnlyList<Picture> Originals(int most)
    {
        int count = Math.Min(most, Count);
        return [.. Enumerable.Range(0, count).Select(i => PictureIo.Read(Pictures[(int)((long)i * Count / count)].Path))];
    }

    private int PictureLength => checked(3 * (Height + MarginHeight) * (Width + MarginWidth));

    /// <summary>The bytes of a picture: (Height + MarginHeight) × (Width + MarginWidth) × 3, red first.</summary>
    /// <param name="picture">Its place in <see cref="Pictures"/>.</param>
    public ReadOnlySpan<byte> this[int picture] => Slot(_slots[picture]);

    /// <summary>Decodes and resizes pictures on several threads.</summary>
    /// <param name="pictures">Which.</param>
    /// <param name="height">Rows that a network sees, at least 1.</param>
    /// <param name="width">Columns that a network sees, at least 1.</param>
    /// <param name="marginHeight">Rows more that are kept, at least 0.</param>
    /// <param name="marginWidth">Columns more that are kept, at least 0.</param>
    /// <param name="threads">Threads, at least 1; 0 for all cores.</param>
    /// <param name="progress">Told how many pictures are done, from time to time, from any thread.</param>
    /// <param name="how">Whose resizing. Default <see cref="Interpolation.PillowBilinear"/>, to the integer.</param>
    /// <param name="mostUnreadable">Share of pictures that may be unreadable, 0 to 1: they are named in <see cref="Skipped"/> and left out. Default 0.01.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">A size out of range.</exception>
    /// <exception cref="InvalidDataException">There are no pictures, or more than the stated share cannot be read.</exception>
    public static PictureCache Load(
        IReadOnlyList<LabelledPicture> pictures,
        int height,
        int width,
        int marginHeight = 0,
        int marginWidth = 0,
        int threads = 0,
        IProgress<int>? progress = null,
        Interpolation how = Interpolation.PillowBilinear,
        double mostUnreadable = 0.01,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(marginHeight);
        ArgumentOutOfRangeException.ThrowIfNegative(marginWidth);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        if (pictures.Count == 0)
        {
            throw new InvalidDataException("no pictures to load. Check the data set with 'pipeline data check'.");
        }

        PictureCache cache = new(height, width, marginHeight, marginWidth, pictures.Count);
        string?[] problems = new string?[pictures.Count];
        (int done, int unreadable) = (0, 0);
        double most = mostUnreadable * pictures.Count;
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads, CancellationToken = cancellationToken };
        Parallel.For(0, pictures.Count, options, () => new Reader(how), (i, state, reader) =>
        {
            problems[i] = reader.Read(pictures[i].Path, cache.Slot(i), width + marginWidth, height + marginHeight);
            if (problems[i] is not null && Interlocked.Increment(ref unreadable) > most)
            {
                state.Stop(); // it will be refused: no sense in reading on
            }

            int number = Interlocked.Increment(ref done);
            if (number % 256 == 0 || number == pictures.Count)
            {
                progress?.Report(number);
            }

            return reader;
        }, _ => { });
        string[] skipped = [.. problems.OfType<string>()];
        if (skipped.Length > most)
        {
            string shown = string.Join(" ", skipped.Take(3));
            throw new InvalidDataException(
                $"{skipped.Length} of the first {done} of {pictures.Count} pictures cannot be read; up to {mostUnreadable:P1} may be unreadable. {shown} Mend or remove them.");
        }

        int[] slots = [.. Enumerable.Range(0, pictures.Count).Where(i => problems[i] is null)];
        return new PictureCache(cache, slots, [.. slots.Select(i => pictures[i])], skipped);
    }

    private Span<byte> Slot(int slot) => _chunks[slot / _perChunk].AsSpan(slot % _perChunk * PictureLength, PictureLength);

    /// <summary>What one thread needs to read pictures, its buffers kept from picture to picture.</summary>
    private sealed class Reader(Interpolation how)
    {
        private readonly Resampler _resampler = new();
        private byte[] _file = new byte[1 << 16];
        private byte[] _pixels = [];

        /// <summary>Reads a picture into its place; returns what is wrong with it, or null.</summary>
        public string? Read(string path, Span<byte> target, int width, int height)
        {
            try
            {
                if (RegularFile.Fault(path) is { } fault)
                {
                    return $"'{path}' {fault}.";
                }

                ReadOnlySpan<byte> file = FileBytes(path);
                using Mat mat = Cv2.ImDecode(file, ImreadModes.Color);
                if (mat.Empty())
                {
                    return $"'{path}': no picture that can be decoded.";
                }

                int length = 3 * mat.Width * mat.Height;
                if (_pixels.Length < length)
                {
                    _pixels = new byte[length];
                }

                // Decoded pictures lie in memory without gaps between rows.
                Marshal.Copy(mat.Data, _pixels, 0, length);
                _resampler.Resize(_pixels.AsSpan(0, length), mat.Width, mat.Height, target, width, height, how);
                TurnChannels(target);
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or OpenCVException)
            {
                return $"'{path}': {e.Message.ReplaceLineEndings(" ")}";
            }
        }

        private ReadOnlySpan<byte> FileBytes(string path)
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
            int length = checked((int)RandomAccess.GetLength(file));
            if (_file.Length < length)
            {
                _file = new byte[length];
            }

            int read = 0;
            for (int more; read < length && (more = RandomAccess.Read(file, _file.AsSpan(read, length - read), read)) > 0;)
            {
                read += more;
            }

            return _file.AsSpan(0, read);
        }

        private static void TurnChannels(Span<byte> pixels)
        {
            for (int i = 0; i + 2 < pixels.Length; i += 3)
            {
                (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
            }
        }
    }
}
