namespace Pipeline.Detector;

/// <summary>Where a detector's time went so far.</summary>
/// <param name="Pictures">Pictures looked at.</param>
/// <param name="Preparing">Resizing, padding and ordering.</param>
/// <param name="Network">The session.</param>
/// <param name="Reading">Decoding and suppression.</param>
public readonly record struct DetectorTimes(long Pictures, TimeSpan Preparing, TimeSpan Network, TimeSpan Reading)
{
    /// <summary>These times and those of one more batch.</summary>
    internal DetectorTimes Plus(int pictures, TimeSpan preparing, TimeSpan network, TimeSpan reading) =>
        new(Pictures + pictures, Preparing + preparing, Network + network, Reading + reading);
}

/// <summary>A detector that says where its time goes.</summary>
public interface IDetectorTimes
{
    /// <summary>Where the time went so far.</summary>
    DetectorTimes Times { get; }
}
