using OpenCvSharp.Internal;

namespace OpenCvSharp;

/// <summary>Histograms of oriented gradients with a linear classifier: OpenCV's people detector (Dalal and Triggs 2005).</summary>
public class HOGDescriptor : IDisposable
{
    private readonly HogHandle _handle;

    /// <summary>Creates one with a window of 64x128.</summary>
    public HOGDescriptor()
    {
        Bridge.Check(PeopleNative.HogNew(out HogHandle handle));
        _handle = handle;
    }

    /// <summary>Whether <see cref="Dispose()"/> was called.</summary>
    public bool IsDisposed => _handle.IsClosed;

    /// <summary>Weights of the people detector for windows of 64x128.</summary>
    public static unsafe float[] GetDefaultPeopleDetector()
    {
        Bridge.Check(PeopleNative.HogDefaultPeopleDetector(out float* values, out int count));
        return new ReadOnlySpan<float>(values, count).ToArray();
    }

    /// <summary>Sets the classifier.</summary>
    public virtual void SetSVMDetector(float[] svmDetector)
    {
        ArgumentNullException.ThrowIfNull(svmDetector);
        Bridge.Check(PeopleNative.HogSetSvmDetector(_handle, svmDetector, svmDetector.Length));
    }

    /// <summary>Finds boxes at many scales.</summary>
    public virtual Rect[] DetectMultiScale(
        Mat img, double hitThreshold = 0, Size? winStride = null, Size? padding = null, double scale = 1.05, int groupThreshold = 2) =>
        DetectMultiScale(img, out _, hitThreshold, winStride, padding, scale, groupThreshold);

    /// <summary>Finds boxes at many scales, each with the classifier's confidence.</summary>
    public virtual Rect[] DetectMultiScale(
        Mat img,
        out double[] foundWeights,
        double hitThreshold = 0,
        Size? winStride = null,
        Size? padding = null,
        double scale = 1.05,
        int groupThreshold = 2)
    {
        ArgumentNullException.ThrowIfNull(img);
        Size stride = winStride ?? default, pad = padding ?? default;
        using BufferHandle boxes = BufferHandle.New();
        using BufferHandle weights = BufferHandle.New();
        Bridge.Check(PeopleNative.HogDetectMultiScale(
            _handle, img.Handle, hitThreshold, stride.Width, stride.Height, pad.Width, pad.Height, scale, groupThreshold, boxes, weights));
        foundWeights = weights.ToArray<double>();
        return boxes.ToArray<Rect>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the descriptor.</summary>
    protected virtual void Dispose(bool disposing) => _handle.Dispose();
}
