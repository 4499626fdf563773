using Pipeline.Detector;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class BodyColoursTests
{
    private const int Width = 200;
    private const int Height = 150;

    [Fact]
    public void The_same_clothes_in_another_place_speak_for_one_person_and_other_clothes_against_it()
    {
        byte[] picture = Painted((20, Colour(200, 30, 30)), (80, Colour(200, 30, 30)), (140, Colour(30, 60, 200)));
        float[] red = Of(picture, 20);

        Assert.Equal(0.1, BodyColours.Evidence(red, Of(picture, 80)), 3);
        Assert.Equal(-0.2, BodyColours.Evidence(red, Of(picture, 140)), 3);
    }

    [Fact]
    public void Where_a_colour_is_counts_not_only_that_it_is_there()
    {
        byte[] picture = new byte[3 * Width * Height];
        Paint(picture, 20, 10, 60, Colour(220, 220, 220));
        Paint(picture, 20, 70, 60, Colour(30, 30, 30));
        Paint(picture, 80, 10, 60, Colour(30, 30, 30));
        Paint(picture, 80, 70, 60, Colour(220, 220, 220));

        Assert.InRange(BodyColours.Evidence(Of(picture, 20), Of(picture, 80)), -0.2, -0.19);
    }

    [Fact]
    public void A_box_whose_middle_lies_outside_the_picture_has_no_colours()
    {
        Assert.Null(BodyColours.Of(new byte[3 * Width * Height], Width, Height, new Box(Width + 5, 0, 40, 100)));
        Assert.NotNull(BodyColours.Of(new byte[3 * Width * Height], Width, Height, new Box(Width - 20, 0, 40, 100)));
    }

    [Fact]
    public void What_is_learned_is_a_mean_of_unit_length()
    {
        byte[] picture = Painted((20, Colour(200, 30, 30)), (80, Colour(30, 60, 200)));
        float[] known = Of(picture, 20);

        BodyColours.Learn(known, Of(picture, 80), sights: 1);

        Assert.Equal(0, BodyColours.Distance(known, known), 6);
        Assert.Equal(BodyColours.Distance(known, Of(picture, 20)), BodyColours.Distance(known, Of(picture, 80)), 6);
    }

    private static float[] Of(byte[] picture, int left) => BodyColours.Of(picture, Width, Height, new Box(left, 10, 40, 120))!;

    private static byte[] Painted(params (int Left, byte[] Colour)[] people)
    {
        byte[] picture = new byte[3 * Width * Height];
        foreach ((int left, byte[] colour) in people)
        {
            Paint(picture, left, 10, 120, colour);
        }

        return picture;
    }

    private static void Paint(byte[] picture, int left, int top, int height, byte[] colour)
    {
        for (int y = top; y < top + height; y++)
        {
            for (int x = left; x < left + 40; x++)
            {
                colour.CopyTo(picture, 3 * ((y * Width) + x));
            }
        }
    }

    private static byte[] Colour(byte red, byte green, byte blue) => [blue, green, red];
}
