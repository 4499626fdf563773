using Pipeline.Rendering.Sites.Plans;

namespace Pipeline.Rendering.Sites.Filming;

/// <summary>A camera of the site: where it hangs, its lens, its picture, its sensor.</summary>
internal sealed class SiteCamera
{
    private const float FarthestHeight = .095f; // of the picture's width: somebody at the far wall. An installer chooses the lens so; vtest's median is .10
    private const float Grown = 17; // decimetres
    private static readonly (int Width, int Height)[] s_formats = [(640, 480), (640, 480), (704, 576), (768, 432), (800, 600)];

    /// <summary>Draws one.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="id">Its name.</param>
    /// <param name="area">What it watches.</param>
    /// <param name="opposite">Hangs on the far wall and looks back, beside one that hangs on the near wall.</param>
    /// <param name="random">Its stream.</param>
    public SiteCamera(int number, string id, Area area, bool opposite, SeededRandom random)
    {
        (Number, Id, Area) = (number, id, area.Number);
        (Width, Height) = s_formats[random.Below(s_formats.Length)];
        float widest = 2 * MathF.Atan(Grown / (2 * FarthestHeight * area.Size.Y)) * 180 / MathF.PI;
        Opening = MathF.Min(widest, random.Uniform(area.Kind == AreaKind.Corridor ? 55 : 70, area.Kind == AreaKind.Corridor ? 75 : 92));
        MountHeight = random.Uniform(24, area.Kind == AreaKind.Yard ? 40 : 29.5f);
        float aside = area.Size.X * random.Uniform(-.42f, .42f), depth = area.Size.Y * random.Uniform(.42f, .58f), towards = aside * random.Uniform(-.5f, .1f);
        Vector3 eye = new(aside, MountHeight, 1.5f), target = new(towards, random.Uniform(6, 10), depth);
        if (opposite)
        {
            (eye.Z, target.Z) = (area.Size.Y - eye.Z, area.Size.Y - target.Z);
        }

        Vector3 axis = Vector3.Normalize(target - eye);
        Tilt = -MathF.Asin(axis.Y) * 180 / MathF.PI;
        View = View.LookAt(eye, target, random.Normal() * .015f) with
        {
            Scale = Width / 2f / MathF.Tan(Opening * MathF.PI / 360), CentreX = Width / 2f, CentreY = Height / 2f,
        };
        Sensor = new VideoSensor(random);
    }

    /// <summary>Its number, from 0.</summary>
    public int Number { get; }

    /// <summary>Its name: its folder.</summary>
    public string Id { get; }

    /// <summary>Number of the area it watches.</summary>
    public int Area { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Opening of the lens from left to right, degrees.</summary>
    public float Opening { get; }

    /// <summary>Above the floor, decimetres.</summary>
    public float MountHeight { get; }

    /// <summary>Down from the horizontal, degrees.</summary>
    public float Tilt { get; }

    /// <summary>The pinhole, in the area's coordinates.</summary>
    public View View { get; }

    /// <summary>What makes a picture of light.</summary>
    public VideoSensor Sensor { get; }
}
