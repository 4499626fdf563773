using System.Numerics;
using Pipeline.Rendering.Clothing;

namespace Pipeline.Tests.Rendering;

public class DrapeTests
{
    // A trunk of radius 2 above and 1 below: cloth hangs from the wide part.
    [Theory]
    [InlineData(0, 2, "straight down")]
    [InlineData(.25, 1.5, "drawing in a quarter a decimetre, over two decimetres")]
    [InlineData(9, 1, "following the body")]
    public void Cloth_hangs_from_the_widest_part_above(float taper, float expected, string because)
    {
        Drape drape = new(taper);
        Vector3[] positions = new Vector3[48];
        for (int i = 0; i < positions.Length; i++)
        {
            float turn = (i % 24 / 24f) - .5f, down = i < 24 ? 1 : 3, radius = i < 24 ? 2 : 1;
            Vector3 centre = new(0, -down, 0);
            positions[i] = centre + (radius * new Vector3(MathF.Sin(turn * MathF.Tau), 0, MathF.Cos(turn * MathF.Tau)));
            drape.Add(i, positions[i], centre, turn, down);
        }

        drape.Hang(positions);

        Assert.All(positions[24..], p => Assert.True(MathF.Abs(new Vector2(p.X, p.Z).Length() - expected) < .01f, $"{because}: {p}"));
        Assert.All(positions[..24], p => Assert.Equal(2, new Vector2(p.X, p.Z).Length(), .01f));
    }
}
