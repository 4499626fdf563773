namespace Pipeline.Reid.Evaluation;

/// <summary>Settings of k-reciprocal re-ranking (Zhong et al., CVPR 2017), with the values of its authors as defaults.</summary>
/// <param name="K1">Nearest neighbours that may become reciprocal ones, at least 1. Default 20.</param>
/// <param name="K2">Neighbours over which encodings are averaged, from 1 (no averaging) to <paramref name="K1"/> + 1. Default 6.</param>
/// <param name="Lambda">Share of the original distance in the result, 0 to 1. Default 0.3.</param>
public sealed record ReRankingOptions(int K1 = 20, int K2 = 6, double Lambda = 0.3)
{
    /// <summary>Neighbours, beside oneself, that count when a set is grown: half of <see cref="K1"/>, halves to even as in the authors' code.</summary>
    internal int Half => (int)Math.Round(K1 / 2.0);

    /// <summary>Throws when a value is outside its range.</summary>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(K1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(K2, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(K2, K1 + 1);
        if (Lambda is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Lambda), Lambda, "0 to 1");
        }
    }
}
