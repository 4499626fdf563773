using Pipeline.Reid.Evaluation;

namespace Pipeline.Tests.Reid;

public sealed class CameraCentringTests
{
    [Fact]
    public void Each_row_loses_the_mean_of_its_own_camera_and_has_length_1_again()
    {
        // Camera a: five rows (1, 0) and five (0, 1), mean (0.5, 0.5). Camera b: eight rows (0.6, 0.8) and two (-0.6, -0.8), mean (0.36, 0.48).
        float[] values = [.. Enumerable.Range(0, 10).SelectMany(i => i < 5 ? new float[] { 1, 0 } : [0, 1]), .. Enumerable.Range(0, 10).SelectMany(i => i < 8 ? new float[] { 0.6f, 0.8f } : [-0.6f, -0.8f])];
        string[] cameras = [.. Enumerable.Repeat("a", 10), .. Enumerable.Repeat("b", 10)];
        int[] mixed = [.. Enumerable.Range(0, 20).Select(i => (i * 7) % 20)]; // rows of two cameras in turn

        FeatureRows centred = CameraCentring.Centred(new FeatureRows(values, 2).Take(mixed), [.. mixed.Select(row => cameras[row])]);

        float half = (float)Math.Sqrt(0.5);
        float[][] expected = [[half, -half], [-half, half], [0.6f, 0.8f], [-0.6f, -0.8f]];
        for (int i = 0; i < 20; i++)
        {
            float[] row = expected[mixed[i] switch { < 5 => 0, < 10 => 1, < 18 => 2, _ => 3 }];
            Assert.Equal(row[0], centred[i][0], 1e-3f); // values of 16 bits
            Assert.Equal(row[1], centred[i][1], 1e-3f); // values of 16 bits
        }

        Assert.Equal([1, 0], values[..2]); // the features given stay
    }

    [Fact]
    public void What_is_the_mean_itself_is_like_nobody()
    {
        FeatureRows same = new([.. Enumerable.Range(0, 8).SelectMany(_ => new float[] { 0, 1 })], 2);

        Assert.All(CameraCentring.Centred(same, [.. Enumerable.Repeat("a", 8)]).Values, value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_camera_with_few_pictures_is_named()
    {
        FeatureRows rows = new([.. Enumerable.Range(0, 15).SelectMany(i => new float[] { i % 2, 1 - (i % 2) })], 2);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => CameraCentring.Centred(rows, [.. Enumerable.Repeat("hall", 8), .. Enumerable.Repeat("yard", 7)]));

        Assert.Contains("camera yard: 7 pictures are too few", e.Message, StringComparison.Ordinal);
    }
}
