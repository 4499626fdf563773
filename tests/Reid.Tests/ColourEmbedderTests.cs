using Pipeline.Reid;

namespace Pipeline.Tests.Reid;

public sealed class ColourEmbedderTests
{
    private static readonly (byte, byte, byte) _red = (40, 30, 200);
    private static readonly (byte, byte, byte) _blue = (180, 60, 30);
    private static readonly (byte, byte, byte) _dark = (30, 28, 26);

    [Fact]
    public void Where_a_colour_is_matters()
    {
        using ColourEmbedder embedder = new();

        float[] redAbove = Feature(embedder, Pictures.Person(48, 128, _red, _blue));
        float[] redBelow = Feature(embedder, Pictures.Person(48, 128, _blue, _red));

        Assert.InRange(CosineSearch.Dot(redAbove, redBelow), -1, 0.4);
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(1.15)]
    public void Light_matters_less_than_clothes(double light)
    {
        using ColourEmbedder embedder = new();
        float[] person = Feature(embedder, Pictures.Person(48, 128, _red, _dark));

        float same = CosineSearch.Dot(person, Feature(embedder, Pictures.Person(48, 128, _red, _dark, light)));
        float other = CosineSearch.Dot(person, Feature(embedder, Pictures.Person(48, 128, _blue, _dark)));

        Assert.InRange(same, embedder.DefaultThreshold, 1.001);
        Assert.InRange(other, -1, same - 0.2);
    }

    [Fact]
    public void Size_hardly_matters()
    {
        using ColourEmbedder embedder = new();
        Picture near = Pictures.Person(144, 384, _red, _blue);
        byte[] small = new byte[3 * 48 * 128];
        new Resampler().Resize(near.Bgr, 144, 384, small, 48, 128, Interpolation.PillowBilinear);

        float similarity = CosineSearch.Dot(Feature(embedder, near), Feature(embedder, new Picture(48, 128, small)));

        Assert.InRange(similarity, 0.9, 1.001);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(200, 3)]
    [InlineData(64, 128)]
    public void A_picture_of_one_colour_gives_finite_numbers(int width, int height)
    {
        using ColourEmbedder embedder = new();
        float[] embedding = new float[embedder.Dimension];

        embedder.Embed([new Picture(width, height, new byte[3 * width * height])], embedding);

        Assert.All(embedding, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Embed_gives_a_picture_the_same_embedding_in_any_company()
    {
        using ColourEmbedder embedder = new();
        Picture[] pictures = [.. Enumerable.Range(0, 3).Select(i => Pictures.Noise(20 + (9 * i), 60, i))];
        float[] together = new float[3 * embedder.Dimension];
        float[] alone = new float[embedder.Dimension];

        embedder.Embed(pictures, together);
        embedder.Embed([pictures[2]], alone);

        Assert.Equal(together[(2 * embedder.Dimension)..], alone);
    }

    private static float[] Feature(ColourEmbedder embedder, Picture picture)
    {
        float[] feature = new float[embedder.Dimension];
        embedder.Embed([picture], feature);
        Assert.True(TemporalPooling.TryFinish(feature));
        return feature;
    }
}
