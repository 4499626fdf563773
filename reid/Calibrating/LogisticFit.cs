namespace Pipeline.Reid.Calibrating;

/// <summary>
/// Log odds of one person against two as a straight line over similarity; both kinds of pairs weigh the same. Targets are smoothed as by Platt 1999, so that
/// kinds that do not overlap give a steep line and no infinite one.
/// </summary>
/// <param name="Slope">Per unit of similarity.</param>
/// <param name="Intercept">At similarity 0.</param>
internal readonly record struct LogisticFit(double Slope, double Intercept)
{
    private const int Rounds = 100;

    /// <summary>Chance at a similarity, both kinds being equally likely.</summary>
    public double Chance(double similarity) => 1 / (1 + Math.Exp(-((Slope * similarity) + Intercept)));

    /// <summary>Fits by Newton's method with halved steps.</summary>
    /// <param name="same">Similarities of pairs of one person, at least one.</param>
    /// <param name="different">Similarities of pairs of two, at least one.</param>
    public static LogisticFit Of(IReadOnlyList<float> same, IReadOnlyList<float> different)
    {
        double middle = (same.Average() + different.Average()) / 2; // the line is fitted around it: far better conditioned
        LogisticFit fit = new(0, 0);
        double loss = Loss(fit, same, different, middle);
        for (int round = 0; round < Rounds; round++)
        {
            (double Slope, double Intercept) step = Step(fit, same, different, middle);
            double size = 1;
            LogisticFit next;
            double nextLoss;
            do
            {
                next = new LogisticFit(fit.Slope - (size * step.Slope), fit.Intercept - (size * step.Intercept));
                nextLoss = Loss(next, same, different, middle);
                size /= 2;
            }
            while (!(nextLoss <= loss) && size > 1e-6);
            bool done = !(loss - nextLoss > 1e-12);
            (fit, loss) = nextLoss <= loss ? (next, nextLoss) : (fit, loss);
            if (done)
            {
                break;
            }
        }

        return fit with { Intercept = fit.Intercept - (fit.Slope * middle) };
    }

    private static IEnumerable<(double X, double Target, double Weight)> Points(IReadOnlyList<float> same, IReadOnlyList<float> different, double middle) =>
        same.Select(s => (s - middle, (same.Count + 1.0) / (same.Count + 2.0), 0.5 / same.Count))
            .Concat(different.Select(s => (s - middle, 1.0 / (different.Count + 2.0), 0.5 / different.Count)));

    private static double Loss(LogisticFit fit, IReadOnlyList<float> same, IReadOnlyList<float> different, double middle)
    {
        double loss = 0;
        foreach ((double x, double target, double weight) in Points(same, different, middle))
        {
            double odds = (fit.Slope * x) + fit.Intercept;
            loss += weight * (Math.Max(odds, 0) + Math.Log(1 + Math.Exp(-Math.Abs(odds))) - (target * odds));
        }

        return loss;
    }

    private static (double Slope, double Intercept) Step(LogisticFit fit, IReadOnlyList<float> same, IReadOnlyList<float> different, double middle)
    {
        (double gs, double gi, double ss, double si, double ii) = (0, 0, 1e-12, 0, 1e-12);
        foreach ((double x, double target, double weight) in Points(same, different, middle))
        {
            double chance = fit.Chance(x);
            double error = weight * (chance - target);
            double curve = weight * chance * (1 - chance);
            gs += error * x;
            gi += error;
            ss += curve * x * x;
            si += curve * x;
            ii += curve;
        }

        double determinant = (ss * ii) - (si * si);
        return (((ii * gs) - (si * gi)) / determinant, ((ss * gi) - (si * gs)) / determinant);
    }
}
