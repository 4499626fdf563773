using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OpenCvSharp;

namespace Pipeline.Detector;

/// <summary>
/// The input of a model: brings pictures to its size, order and range. The buffers are made once and used for every batch; not
/// thread-safe.
/// </summary>
public abstract class InputTensor : IDisposable
{
    private const int CanvasesKept = 32;
    private readonly Dictionary<(int Width, int Height), Canvas> _canvases = [];
    private readonly PictureFormat _format;

    private protected InputTensor(PictureFormat format, int width, int height, bool channelsLast, int batch)
    {
        (_format, Width, Height, ChannelsLast, Batch) = (format, width, height, channelsLast, batch);
    }

    /// <summary>Width of the input in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the input in pixels.</summary>
    public int Height { get; }

    /// <summary>True for [batch, height, width, 3], false for [batch, 3, height, width].</summary>
    public bool ChannelsLast { get; }

    /// <summary>Pictures that it holds at most.</summary>
    public int Batch { get; }

    /// <summary>Makes the input of a model.</summary>
    /// <param name="type">Float, Float16 or UInt8.</param>
    /// <param name="format">How the model wants its pictures.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="channelsLast">True for [batch, height, width, 3].</param>
    /// <param name="batch">Pictures that it holds at most.</param>
    /// <exception cref="ArgumentException"><paramref name="type"/> is another type.</exception>
    public static InputTensor Create(TensorElementType type, PictureFormat format, int width, int height, bool channelsLast, int batch) => type switch
    {
        TensorElementType.Float => new InputTensor<float>(x => x, format, width, height, channelsLast, batch),
        TensorElementType.Float16 => new InputTensor<Float16>(
            x => new Float16(BitConverter.HalfToUInt16Bits((Half)x)), format, width, height, channelsLast, batch),
        TensorElementType.UInt8 => new InputTensor<byte>(
            x => (byte)Math.Clamp(MathF.Round(x), 0, 255), format, width, height, channelsLast, batch),
        _ => throw new ArgumentException($"an input of type {type} cannot be filled with pictures", nameof(type)),
    };

    /// <summary>Puts a picture into the tensor: resized bilinearly, padded, ordered, scaled.</summary>
    /// <param name="picture">CV_8UC3, BGR.</param>
    /// <param name="index">Place in the batch, from 0.</param>
    /// <returns>Where the picture lies in the input.</returns>
    public Placement Fill(Mat picture, int index)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Batch);
        if (picture.Type() != MatType.CV_8UC3 || picture.Width < 1 || picture.Height < 1)
        {
            throw new ArgumentException("a picture of 8-bit BGR is needed", nameof(picture));
        }

        Canvas canvas = CanvasFor(picture.Width, picture.Height);
        Cv2.Resize(picture, canvas.Inside, canvas.Inside.Size(), 0, 0, InterpolationFlags.Linear);
        Convert(canvas.Whole.AsSpan<byte>(), index);
        return canvas.Placement;
    }

    /// <summary>The first <paramref name="count"/> pictures as a tensor over this buffer; valid until this is disposed.</summary>
    /// <param name="count">1 to <see cref="Batch"/>.</param>
    public abstract OrtValue Value(int count);

    /// <summary>Value at a flat index of the tensor, for checks.</summary>
    /// <param name="index">Flat index.</param>
    public abstract float At(int index);

    /// <summary>Fills a place with a pattern of waves without a picture; the model's shapes and batches are tried with it.</summary>
    /// <param name="index">Place in the batch, from 0.</param>
    /// <param name="seed">Other seeds give other pictures.</param>
    internal void FillPattern(int index, int seed)
    {
        byte[] bgr = new byte[Width * Height * 3];
        for (int i = 0; i < bgr.Length; i++)
        {
            int x = i / 3 % Width;
            int y = i / 3 / Width;
            bgr[i] = (byte)((100 + (40 * seed)) + (60 * Math.Sin((x * 0.05 * (1 + seed)) + (i % 3)) * Math.Cos(y * 0.07)));
        }

        Convert(bgr, index);
    }

    /// <summary>Converts interleaved levels of the input's size.</summary>
    private protected abstract void Convert(ReadOnlySpan<byte> bgr, int index);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the canvases.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        foreach (Canvas canvas in _canvases.Values)
        {
            canvas.Dispose();
        }

        _canvases.Clear();
    }

    private Canvas CanvasFor(int width, int height)
    {
        if (!_canvases.TryGetValue((width, height), out Canvas? canvas))
        {
            if (_canvases.Count == CanvasesKept) // cameras have few sizes; a folder of pictures may have many
            {
                Dispose(true);
            }

            canvas = new Canvas(Placement.Of(_format.Fit, width, height, Width, Height), Width, Height, _format.Pad);
            _canvases.Add((width, height), canvas);
        }

        return canvas;
    }

    /// <summary>The padded picture; the padding is painted once, the inside over and over.</summary>
    private sealed class Canvas : IDisposable
    {
        public Canvas(Placement placement, int width, int height, int pad)
        {
            Placement = placement;
            Whole = new Mat(height, width, MatType.CV_8UC3, Scalar.All(pad));
            Inside = Whole[new Rect(placement.X, placement.Y, placement.Width, placement.Height)];
            Debug.Assert(Whole.IsContinuous(), "a new Mat has no gaps");
        }

        public Placement Placement { get; }

        public Mat Whole { get; }

        public Mat Inside { get; }

        public void Dispose()
        {
            Inside.Dispose();
            Whole.Dispose();
        }
    }
}

/// <summary>An input of one element type.</summary>
internal sealed class InputTensor<T> : InputTensor
    where T : unmanaged
{
    private readonly T[] _values;
    private readonly T[] _blue;
    private readonly T[] _green;
    private readonly T[] _red;
    private readonly bool _redFirst;
    private readonly OrtValue?[] _tensors;
    private readonly Func<float, T> _cast;

    public InputTensor(Func<float, T> cast, PictureFormat format, int width, int height, bool channelsLast, int batch)
        : base(format, width, height, channelsLast, batch)
    {
        _cast = cast;
        _values = GC.AllocateUninitializedArray<T>(batch * 3 * width * height, pinned: true);
        _tensors = new OrtValue?[batch + 1];
        _redFirst = format.Colour == ColourOrder.Rgb;
        _blue = Table(format, _redFirst ? 2 : 0);
        _green = Table(format, 1);
        _red = Table(format, _redFirst ? 0 : 2);
    }

    public override OrtValue Value(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        long[] shape = ChannelsLast ? [count, Height, Width, 3] : [count, 3, Height, Width];
        return _tensors[count] ??= OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, _values.AsMemory(0, count * 3 * Width * Height), shape);
    }

    public override float At(int index)
    {
        T value = _values[index];
        return value switch
        {
            Float16 half => half.ToFloat(),
            byte level => level,
            _ => (float)(object)value,
        };
    }

    // A level has 256 values, so the arithmetic is done once for each: exact, and the same loop serves every type.
    private protected override void Convert(ReadOnlySpan<byte> bgr, int index)
    {
        int pixels = Width * Height;
        Span<T> to = _values.AsSpan(index * 3 * pixels, 3 * pixels);
        if (ChannelsLast)
        {
            Interleaved(bgr, to);
            return;
        }

        Span<T> first = to[..pixels];
        Span<T> green = to.Slice(pixels, pixels);
        Span<T> last = to[(2 * pixels)..];
        Planar(bgr, _redFirst ? last : first, green, _redFirst ? first : last);
    }

    private void Planar(ReadOnlySpan<byte> bgr, Span<T> blue, Span<T> green, Span<T> red)
    {
        bgr = bgr[..(3 * blue.Length)];
        ReadOnlySpan<T> ofBlue = _blue;
        ReadOnlySpan<T> ofGreen = _green;
        ReadOnlySpan<T> ofRed = _red;
        green = green[..blue.Length];
        red = red[..blue.Length];
        int from = 0;
        for (int i = 0; i < blue.Length; i++)
        {
            blue[i] = ofBlue[bgr[from]];
            green[i] = ofGreen[bgr[from + 1]];
            red[i] = ofRed[bgr[from + 2]];
            from += 3;
        }
    }

    private void Interleaved(ReadOnlySpan<byte> bgr, Span<T> to)
    {
        int blue = _redFirst ? 2 : 0;
        for (int i = 0; i < to.Length; i += 3)
        {
            to[i + blue] = _blue[bgr[i]];
            to[i + 1] = _green[bgr[i + 1]];
            to[i + 2 - blue] = _red[bgr[i + 2]];
        }
    }

    private T[] Table(PictureFormat format, int channel)
    {
        T[] table = new T[256];
        for (int level = 0; level < table.Length; level++)
        {
            table[level] = _cast((level - format.Mean[channel]) / format.Std[channel]);
        }

        return table;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        foreach (ref OrtValue? tensor in _tensors.AsSpan())
        {
            tensor?.Dispose();
            tensor = null;
        }
    }
}
