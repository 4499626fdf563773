namespace Pipeline.Tracker;

/// <summary>One coordinate under constant velocity: value, rate per second, and their covariance.</summary>
internal struct KalmanAxis
{
    internal double Value;
    internal double Rate;
    internal double ValueVariance;
    internal double Covariance;
    internal double RateVariance;

    /// <summary>Exactly what repeating the filter's step for one reference frame <paramref name="steps"/> times gives, for any real number of steps.</summary>
    internal void Predict(double seconds, double steps, double valueNoise, double rateNoise)
    {
        Value += Rate * seconds;
        ValueVariance += (2 * seconds * Covariance) + (seconds * seconds * RateVariance) + (steps * valueNoise);
        Covariance += seconds * RateVariance;
        RateVariance += steps * rateNoise;
        if (steps > 1)
        {
            // Noise that entered the rate in the earlier of the steps has moved the value in the later ones.
            double perStep = seconds / steps;
            Covariance += rateNoise * perStep * steps * (steps - 1) / 2;
            ValueVariance += rateNoise * perStep * perStep * steps * (steps - 1) * ((2 * steps) - 1) / 6;
        }
    }

    internal void Update(double measured, double noise)
    {
        double innovation = ValueVariance + noise;
        double gain = ValueVariance / innovation;
        double rateGain = Covariance / innovation;
        double residual = measured - Value;
        Value += gain * residual;
        Rate += rateGain * residual;
        RateVariance -= rateGain * Covariance;
        Covariance *= 1 - gain;
        ValueVariance *= 1 - gain;
    }
}

/// <summary>
/// The filter of DeepSORT and ByteTrack (centre, aspect ratio, height and their rates) in capture time. Its noises are diagonal and its
/// motion couples each coordinate with its own rate only, so the 8×8 filter falls apart into four of 2×2, which is what is computed.
/// </summary>
/// <remarks>Noise is given per reference frame of 1/30 s as published (spec/tracking.md 1.1), but for the drift of the rates. A value: copying it keeps a state.</remarks>
internal struct KalmanFilter
{
    private const double ReferenceRate = 30;
    private const double PositionShare = 1.0 / 20;
    private const double RateShare = 1.0 / 160; // published; what a track starts with
    private const double RateDrift = 1.0 / 500; // published 1/160; people keep their pace, and over the long steps of low frame rates it matters
    private const double LargestTrust = 0.95;

    internal KalmanAxis X;
    internal KalmanAxis Y;
    internal KalmanAxis Aspect;
    internal KalmanAxis Height;

    internal readonly TrackBox Box
    {
        get
        {
            double height = Math.Max(1e-3, Height.Value);
            double width = Math.Max(1e-3, Aspect.Value) * height;
            return new TrackBox(X.Value - (width / 2), Y.Value - (height / 2), width, height);
        }
    }

    internal static KalmanFilter Start(in TrackBox box)
    {
        double position = Square(2 * PositionShare * box.Height);
        double rate = Square(10 * RateShare * box.Height * ReferenceRate);
        KalmanFilter filter = default;
        filter.X = new KalmanAxis { Value = box.CentreX, ValueVariance = position, RateVariance = rate };
        filter.Y = new KalmanAxis { Value = box.CentreY, ValueVariance = position, RateVariance = rate };
        filter.Aspect = new KalmanAxis { Value = box.Aspect, ValueVariance = Square(1e-2), RateVariance = Square(1e-5 * ReferenceRate) };
        filter.Height = new KalmanAxis { Value = box.Height, ValueVariance = position, RateVariance = rate };
        return filter;
    }

    internal void Predict(double seconds)
    {
        double steps = seconds * ReferenceRate;
        double position = Square(PositionShare * Height.Value);
        double rate = Square(RateDrift * Height.Value * ReferenceRate);
        X.Predict(seconds, steps, position, rate);
        Y.Predict(seconds, steps, position, rate);
        Aspect.Predict(seconds, steps, Square(1e-2), Square(1e-5 * ReferenceRate));
        Height.Predict(seconds, steps, position, rate);
    }

    internal void Move(double x, double y)
    {
        X.Value += x;
        Y.Value += y;
    }

    /// <param name="box">What was measured.</param>
    /// <param name="trust">0 for the plain filter, else the detection's score: the noise's variance is scaled by 1 - score (NSA; the paper's form).</param>
    internal void Update(in TrackBox box, double trust)
    {
        double scale = 1 - Math.Min(LargestTrust, trust);
        double position = Square(PositionShare * Height.Value) * scale;
        X.Update(box.CentreX, position);
        Y.Update(box.CentreY, position);
        Aspect.Update(box.Aspect, Square(1e-1) * scale);
        Height.Update(box.Height, position);
    }

    private static double Square(double value) => value * value;
}
