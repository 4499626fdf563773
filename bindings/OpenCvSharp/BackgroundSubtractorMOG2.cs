using OpenCvSharp.Internal;

namespace OpenCvSharp;

/// <summary>Tells moving foreground from a learned background.</summary>
public abstract class BackgroundSubtractor : IDisposable
{
    /// <summary>Marks the foreground of a picture (255; shadows 127) and learns from it.</summary>
    /// <param name="image">Next picture.</param>
    /// <param name="fgmask">Receives the mask, one byte a pixel.</param>
    /// <param name="learningRate">0 learns nothing, 1 starts afresh, negative chooses.</param>
    public abstract void Apply(InputArray image, OutputArray fgmask, double learningRate = -1);

    /// <summary>The background as learned so far.</summary>
    public abstract void GetBackgroundImage(OutputArray backgroundImage);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the model.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>Background as a mixture of Gaussians for each pixel (Zivkovic 2004).</summary>
public class BackgroundSubtractorMOG2 : BackgroundSubtractor
{
    private readonly Mog2Handle _handle;

    private BackgroundSubtractorMOG2(Mog2Handle handle) => _handle = handle;

    /// <summary>Numbers of mog2_get and mog2_set in native/people.cpp.</summary>
    private enum Property
    {
        History,
        NMixtures,
        BackgroundRatio,
        VarThreshold,
        VarThresholdGen,
        VarInit,
        VarMin,
        VarMax,
        DetectShadows,
        ShadowValue,
        ShadowThreshold,
    }

    /// <summary>Frames that influence the model.</summary>
    public int History
    {
        get => (int)Get(Property.History);
        set => Set(Property.History, value);
    }

    /// <summary>Gaussians a pixel.</summary>
    public int NMixtures
    {
        get => (int)Get(Property.NMixtures);
        set => Set(Property.NMixtures, value);
    }

    /// <summary>Share of the data that the background explains.</summary>
    public double BackgroundRatio
    {
        get => Get(Property.BackgroundRatio);
        set => Set(Property.BackgroundRatio, value);
    }

    /// <summary>Squared distance, in variances, up to which a pixel is background.</summary>
    public double VarThreshold
    {
        get => Get(Property.VarThreshold);
        set => Set(Property.VarThreshold, value);
    }

    /// <summary>Squared distance up to which a pixel belongs to a Gaussian that is there.</summary>
    public double VarThresholdGen
    {
        get => Get(Property.VarThresholdGen);
        set => Set(Property.VarThresholdGen, value);
    }

    /// <summary>Variance of a new Gaussian.</summary>
    public double VarInit
    {
        get => Get(Property.VarInit);
        set => Set(Property.VarInit, value);
    }

    /// <summary>Smallest variance.</summary>
    public double VarMin
    {
        get => Get(Property.VarMin);
        set => Set(Property.VarMin, value);
    }

    /// <summary>Largest variance.</summary>
    public double VarMax
    {
        get => Get(Property.VarMax);
        set => Set(Property.VarMax, value);
    }

    /// <summary>Whether shadows are told from foreground.</summary>
    public bool DetectShadows
    {
        get => Get(Property.DetectShadows) != 0;
        set => Set(Property.DetectShadows, value ? 1 : 0);
    }

    /// <summary>Value of a shadow in the mask.</summary>
    public int ShadowValue
    {
        get => (int)Get(Property.ShadowValue);
        set => Set(Property.ShadowValue, value);
    }

    /// <summary>How much darker a shadow may be, 0 to 1.</summary>
    public double ShadowThreshold
    {
        get => Get(Property.ShadowThreshold);
        set => Set(Property.ShadowThreshold, value);
    }

    /// <summary>Creates an empty model.</summary>
    public static BackgroundSubtractorMOG2 Create(int history = 500, double varThreshold = 16, bool detectShadows = true)
    {
        Bridge.Check(PeopleNative.Mog2New(history, varThreshold, detectShadows ? 1 : 0, out Mog2Handle handle));
        return new(handle);
    }

    /// <inheritdoc/>
    public override void Apply(InputArray image, OutputArray fgmask, double learningRate = -1)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(fgmask);
        Bridge.Check(PeopleNative.Mog2Apply(_handle, image.Mat.Handle, fgmask.Mat.Handle, learningRate));
    }

    /// <inheritdoc/>
    public override void GetBackgroundImage(OutputArray backgroundImage)
    {
        ArgumentNullException.ThrowIfNull(backgroundImage);
        Bridge.Check(PeopleNative.Mog2Background(_handle, backgroundImage.Mat.Handle));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _handle.Dispose();

    private double Get(Property property)
    {
        Bridge.Check(PeopleNative.Mog2Get(_handle, (int)property, out double value));
        return value;
    }

    private void Set(Property property, double value) => Bridge.Check(PeopleNative.Mog2Set(_handle, (int)property, value));
}
