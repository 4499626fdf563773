using Pipeline.Detector;

namespace Pipeline.Tests.Detector;

public sealed class PlacementTests
{
    [Theory]
    [InlineData(PictureFit.Stretch, 768, 576, 0, 0, 416, 416)]
    [InlineData(PictureFit.TopLeft, 768, 576, 0, 0, 416, 312)]
    [InlineData(PictureFit.Centre, 768, 576, 0, 52, 416, 312)]
    [InlineData(PictureFit.TopLeft, 1920, 1080, 0, 0, 416, 234)]
    [InlineData(PictureFit.Centre, 333, 500, 69, 0, 277, 416)] // 277.06 wide
    [InlineData(PictureFit.TopLeft, 10_000, 1, 0, 0, 416, 1)] // never without a row
    public void Of_places_the_picture(PictureFit fit, int width, int height, int x, int y, int insideWidth, int insideHeight)
    {
        Placement placement = Placement.Of(fit, width, height, 416, 416);

        Assert.Equal((x, y, insideWidth, insideHeight), (placement.X, placement.Y, placement.Width, placement.Height));
    }

    [Theory]
    [InlineData(PictureFit.Stretch)]
    [InlineData(PictureFit.TopLeft)]
    [InlineData(PictureFit.Centre)]
    public void ToPicture_undoes_the_placement(PictureFit fit)
    {
        Placement placement = Placement.Of(fit, 1280, 720, 320, 320);
        Box inPicture = new(100, 200, 60, 180);
        Box inInput = new(
            (float)((inPicture.X * placement.ScaleX) + placement.X),
            (float)((inPicture.Y * placement.ScaleY) + placement.Y),
            (float)(inPicture.Width * placement.ScaleX),
            (float)(inPicture.Height * placement.ScaleY));

        Box back = placement.ToPicture(inInput, 1280, 720);

        Assert.True(inPicture.IoU(back) > 0.9999f, $"{back}");
    }

    [Fact]
    public void ToPicture_cuts_at_the_edges()
    {
        Placement placement = Placement.Of(PictureFit.Stretch, 100, 100, 100, 100);

        Assert.Equal(new Box(0, 90, 10, 10), placement.ToPicture(new(-10, 90, 20, 30), 100, 100));
        Assert.Equal(0, placement.ToPicture(new(120, 90, 20, 30), 100, 100).Area);
    }
}
