namespace OpenCvSharp;

/// <summary>Element type of a <see cref="Mat"/>: depth and number of channels in one number.</summary>
/// <param name="value">OpenCV's number.</param>
public readonly record struct MatType(int value)
{
    /// <summary>Depth: unsigned bytes.</summary>
    public const int CV_8U = 0;

    /// <summary>Depth: signed bytes.</summary>
    public const int CV_8S = 1;

    /// <summary>Depth: unsigned 16-bit integers.</summary>
    public const int CV_16U = 2;

    /// <summary>Depth: signed 16-bit integers.</summary>
    public const int CV_16S = 3;

    /// <summary>Depth: 32-bit integers.</summary>
    public const int CV_32S = 4;

    /// <summary>Depth: single precision.</summary>
    public const int CV_32F = 5;

    /// <summary>Depth: double precision.</summary>
    public const int CV_64F = 6;

    /// <summary>One byte.</summary>
    public static readonly MatType CV_8UC1 = CV_8UC(1);

    /// <summary>Three bytes, such as BGR.</summary>
    public static readonly MatType CV_8UC3 = CV_8UC(3);

    /// <summary>Four bytes, such as BGRA.</summary>
    public static readonly MatType CV_8UC4 = CV_8UC(4);

    /// <summary>One 16-bit integer.</summary>
    public static readonly MatType CV_16SC1 = MakeType(CV_16S, 1);

    /// <summary>One 32-bit integer.</summary>
    public static readonly MatType CV_32SC1 = MakeType(CV_32S, 1);

    /// <summary>One float.</summary>
    public static readonly MatType CV_32FC1 = CV_32FC(1);

    /// <summary>Three floats.</summary>
    public static readonly MatType CV_32FC3 = CV_32FC(3);

    /// <summary>One double.</summary>
    public static readonly MatType CV_64FC1 = MakeType(CV_64F, 1);

    private const int ChannelShift = 3;
    private const int DepthMask = (1 << ChannelShift) - 1;
    private const int MaxChannels = 512;

    /// <summary>OpenCV's number.</summary>
    public int Value => value;

    /// <summary>Depth: one of the constants.</summary>
    public int Depth => value & DepthMask;

    /// <summary>Number of channels.</summary>
    public int Channels => (value >> ChannelShift) + 1;

    /// <summary>OpenCV's number as a type.</summary>
    public static implicit operator MatType(int value) => new(value);

    /// <summary>A type as OpenCV's number.</summary>
    public static explicit operator int(MatType self) => self.Value;

    /// <summary>Bytes with a number of channels.</summary>
    public static MatType CV_8UC(int ch) => MakeType(CV_8U, ch);

    /// <summary>Floats with a number of channels.</summary>
    public static MatType CV_32FC(int ch) => MakeType(CV_32F, ch);

    /// <summary>A depth with a number of channels.</summary>
    public static MatType MakeType(int depth, int channels)
    {
        if (channels is <= 0 or >= MaxChannels)
        {
            throw new OpenCvSharpException($"Channels count should be 1..{MaxChannels - 1}");
        }

        if (depth is < 0 or > DepthMask)
        {
            throw new OpenCvSharpException($"Data type depth should be 0..{DepthMask}");
        }

        return (depth & DepthMask) + ((channels - 1) << ChannelShift);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string[] names = ["CV_8U", "CV_8S", "CV_16U", "CV_16S", "CV_32S", "CV_32F", "CV_64F"];
        return Depth < names.Length ? names[Depth] + (Channels <= 4 ? $"C{Channels}" : $"C({Channels})") : $"Unsupported type value ({Value})";
    }
}
