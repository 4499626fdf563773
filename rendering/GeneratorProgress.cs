using System.Diagnostics;

namespace Pipeline.Rendering;

/// <summary>How far a generator is. Safe to read while it runs.</summary>
public sealed class GeneratorProgress
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _done;

    /// <summary>Pictures to make.</summary>
    public int Total { get; internal set; }

    /// <summary>Pictures made.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Pictures a second so far, loading included.</summary>
    public double PerSecond => Done / Math.Max(1e-3, Stopwatch.GetElapsedTime(_start).TotalSeconds);

    /// <summary>Time left at this speed; null while there is none.</summary>
    public TimeSpan? Left => Done == 0 ? null : TimeSpan.FromSeconds((Total - Done) / PerSecond);

    internal void Add(int pictures) => Interlocked.Add(ref _done, pictures);
}
