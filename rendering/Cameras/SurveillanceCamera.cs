namespace Pipeline.Rendering.Cameras;

/// <summary>A surveillance camera: where it hangs, what it sees, its light and its sensor. All its pictures share these.</summary>
internal sealed class SurveillanceCamera
{
    /// <summary>Draws a camera and its place.</summary>
    public SurveillanceCamera(SeededRandom random, IReadOnlyList<Panorama> panoramas)
    {
        Indoor = random.Chance(.35f);
        MountHeight = random.Chance(.75f) ? random.Uniform(20, 45) : random.Uniform(14, 62);
        Near = random.Uniform(22, 50);
        Far = Near + random.Uniform(20, Indoor ? 80 : 170);
        FieldOfView = random.Uniform(.5f, 1.3f);
        Roll = random.Normal() * .03f;
        BaseLight = LightDraw.Draw(random, Indoor);
        Scene = new Scene(random, panoramas, Indoor, Far);
        Sensor = new Sensor(random, BaseLight);
        Boxes = BoxStyle.Draw(random);
    }

    /// <summary>Under a roof.</summary>
    public bool Indoor { get; }

    /// <summary>Above the ground, decimetres.</summary>
    public float MountHeight { get; }

    /// <summary>Nearest distance of people.</summary>
    public float Near { get; }

    /// <summary>Farthest.</summary>
    public float Far { get; }

    /// <summary>Opening, radians.</summary>
    public float FieldOfView { get; }

    /// <summary>Turned about its axis, radians.</summary>
    public float Roll { get; }

    /// <summary>Its usual light.</summary>
    public Light BaseLight { get; }

    /// <summary>What it looks at.</summary>
    public Scene Scene { get; }

    /// <summary>What makes a picture of light.</summary>
    public Sensor Sensor { get; }

    /// <summary>How boxes are cut in its pictures.</summary>
    public BoxStyle Boxes { get; }

    /// <summary>The light of one moment: clouds come and go.</summary>
    public Light LightNow(SeededRandom random)
    {
        float cloud = !Indoor && random.Chance(.2f) ? random.Uniform(.1f, .7f) : random.Uniform(.85f, 1.1f), sky = random.Uniform(.9f, 1.1f);
        return BaseLight with { SunColour = BaseLight.SunColour * cloud, Sky = BaseLight.Sky * sky, Ground = BaseLight.Ground * sky };
    }
}
