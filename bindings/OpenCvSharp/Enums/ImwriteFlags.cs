namespace OpenCvSharp;

/// <summary>Parameters of picture encoders.</summary>
public enum ImwriteFlags
{
    /// <summary>0 to 100, default 95.</summary>
    JpegQuality = 1,

    /// <summary>0 to 9.</summary>
    PngCompression = 16,

    /// <summary>1 to 100.</summary>
    WebPQuality = 64,
}
