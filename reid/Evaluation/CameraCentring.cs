using System.Globalization;
using System.Numerics.Tensors;

namespace Pipeline.Reid.Evaluation;

/// <summary>
/// Takes from every feature the mean of all features of its camera, and brings the rest to length 1: what a camera gives to all of its pictures then no
/// longer counts between cameras (camera bias normalisation: Song et al., "Exploring the Camera Bias of Person Re-identification", ICLR 2025). No identity is
/// used, but all of a camera's pictures are needed at once: an evaluation has them, a run as it goes has not.
/// </summary>
public static class CameraCentring
{
    /// <summary>Pictures that a camera needs: a mean of few is a mean of persons, not of a camera.</summary>
    public const int FewestPictures = 8;

    /// <summary>Centres.</summary>
    /// <param name="features">Unit rows.</param>
    /// <param name="cameras">The camera of each row.</param>
    /// <returns>Unit rows; a row that was its camera's mean itself becomes zero, which is like nobody.</returns>
    /// <exception cref="InvalidDataException">A camera has fewer than <see cref="FewestPictures"/>.</exception>
    public static FeatureRows Centred(FeatureRows features, IReadOnlyList<string> cameras)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(cameras);
        ArgumentOutOfRangeException.ThrowIfNotEqual(cameras.Count, features.Count);
        FeatureRows centred = new([.. features.Values], features.Dimension);
        foreach (IGrouping<string, int> camera in cameras.Index().GroupBy(camera => camera.Item, camera => camera.Index))
        {
            int[] rows = [.. camera];
            if (rows.Length < FewestPictures)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"camera {camera.Key}: {rows.Length} pictures are too few for their mean to be the camera's; {FewestPictures} or more are needed. Leave --centre-cameras out, or give more pictures."));
            }

            float[] mean = new float[features.Dimension];
            TemporalPooling.Average(features.Take(rows).Values, mean);
            foreach (int row in rows)
            {
                Span<float> feature = centred[row];
                TensorPrimitives.Subtract(feature, mean, feature);
                if (!TemporalPooling.TryFinish(feature))
                {
                    feature.Clear();
                }
            }
        }

        return centred;
    }
}
