namespace OpenCvSharp;

/// <summary>Four letters that name a codec.</summary>
/// <param name="value">The letters as a number, the first in the low byte.</param>
public readonly struct FourCC(int value) : IEquatable<FourCC>
{
    /// <summary>Motion JPEG.</summary>
    public static readonly int MJPG = FromString(nameof(MJPG));

    /// <summary>MPEG-4 part 2.</summary>
    public static readonly int MP4V = FromString(nameof(MP4V));

    /// <summary>The letters as a number, the first in the low byte.</summary>
    public readonly int Value = value;

    /// <summary>As a number.</summary>
    public static implicit operator int(FourCC fourcc) => fourcc.Value;

    /// <summary>From a number.</summary>
    public static implicit operator FourCC(int code) => new(code);

    /// <summary>Equal letters.</summary>
    public static bool operator ==(FourCC left, FourCC right) => left.Equals(right);

    /// <summary>Different letters.</summary>
    public static bool operator !=(FourCC left, FourCC right) => !left.Equals(right);

    /// <summary>From four letters.</summary>
    public static FourCC FromFourChars(char c1, char c2, char c3, char c4) => VideoWriter.FourCC(c1, c2, c3, c4);

    /// <summary>From up to four letters, filled up with spaces.</summary>
    public static FourCC FromString(string code)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code.Length, 4);
        code = code.PadRight(4);
        return FromFourChars(code[0], code[1], code[2], code[3]);
    }

    /// <inheritdoc/>
    public bool Equals(FourCC other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FourCC other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();
}
