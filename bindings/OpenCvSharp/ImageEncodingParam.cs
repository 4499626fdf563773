namespace OpenCvSharp;

/// <summary>One parameter of a picture encoder.</summary>
/// <param name="id">Which.</param>
/// <param name="value">Its value.</param>
public record ImageEncodingParam(ImwriteFlags id, int value)
{
    /// <summary>Which.</summary>
    public ImwriteFlags EncodingId => id;

    /// <summary>Its value.</summary>
    public int Value => value;
}
