namespace Pipeline.Reid.Data;

/// <summary>A batch for training. Its arrays are lent: they go back with <see cref="Dispose"/> and may not be used after it.</summary>
public sealed class TrainingBatch : IDisposable
{
    private readonly Action<float[]> _giveBack;
    private float[]? _images;

    internal TrainingBatch(int epoch, int step, float[] images, long[] labels, int[] pictures, Action<float[]> giveBack)
    {
        (Epoch, Step, _images, Labels, Pictures, _giveBack) = (epoch, step, images, labels, pictures, giveBack);
    }

    /// <summary>Number of the epoch.</summary>
    public int Epoch { get; }

    /// <summary>Number of the batch in its epoch, from 0.</summary>
    public int Step { get; }

    /// <summary>Network inputs, exactly B × H × W × 3 values in this order of axes, normalised, channels in the preprocessing's order. For clips B = clips × T.</summary>
    /// <exception cref="ObjectDisposedException">The batch was given back.</exception>
    public float[] Images => _images ?? throw new ObjectDisposedException(nameof(TrainingBatch));

    /// <summary>The class of every picture, or of every clip.</summary>
    public long[] Labels { get; }

    /// <summary>The place of every picture in <see cref="PictureCache.Pictures"/>.</summary>
    public int[] Pictures { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _images, null) is { } images)
        {
            _giveBack(images);
        }
    }
}
