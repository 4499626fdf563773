using OpenCvSharp;

namespace Pipeline.Rendering.Studio;

/// <summary>Takes pictures of people: pose, place, company, box, light, background, what stands in front, and the camera's picture.</summary>
/// <remarks>Has buffers of its own: one for each thread. A picture depends on its arguments only.</remarks>
/// <param name="skeleton">The skeleton of all bodies.</param>
/// <param name="crowd">People who pass by in the pictures of others.</param>
/// <param name="width">Elements a row of the pictures.</param>
/// <param name="height">Rows.</param>
internal sealed class Photographer(Skeleton skeleton, IReadOnlyList<Lazy<Person>> crowd, int width, int height)
{
    private const int Samples = 2; // a side: four a picture element
    private readonly Stage _stage = new(skeleton);
    private readonly ShadowMaps _shadows = new();
    private readonly VisibilityBuffer _buffer = new();
    private Shader? _shader;
    private Vector3[] _light = [];

    /// <summary>Takes one picture, as a JPEG file.</summary>
    public byte[] Take(SurveillanceCamera camera, Person person, SeededRandom random)
    {
        Light light = camera.LightNow(random);
        View view = Compose(camera, person, random, out Vector3 centre);
        _shadows.Begin(centre, light);
        _stage.CastShadows(_shadows);

        Box box = BoxDraw.Draw(_stage.Bounds(view), camera.Boxes, random);
        int rows = camera.Sensor.DrawHeight(random, height), columns = Math.Max(16, (int)(rows * box.Aspect));
        float scale = rows / box.Height;
        View coarse = view with { Scale = scale, CentreX = -scale * box.Left, CentreY = -scale * box.Top };
        View fine = view with { Scale = Samples * scale, CentreX = Samples * coarse.CentreX, CentreY = Samples * coarse.CentreY };
        _buffer.Draw(_stage, fine, Samples * columns, Samples * rows);
        _shader ??= new Shader(_stage, _buffer, _shadows);
        _shader.Shade(fine, light, random.Uniform(0, 200));

        if (_light.Length < rows * columns)
        {
            _light = new Vector3[rows * columns];
        }

        Span<Vector3> picture = _light.AsSpan(0, rows * columns);
        camera.Scene.Draw(coarse, light, _shadows, picture, columns, rows, (centre - view.Eye).Length() / scale);
        Resolve(picture, columns, rows);
        Occluders.Draw(picture, columns, rows, light, random);
        byte[] bgr = new byte[3 * rows * columns];
        camera.Sensor.Develop(picture, columns, rows, random, bgr);
        return PictureFile.Encode(bgr, columns, rows, camera.Sensor.DrawQuality(random), width, height);
    }

    private View Compose(SurveillanceCamera camera, Person person, SeededRandom random, out Vector3 centre)
    {
        float distance = random.Uniform(camera.Near, camera.Far), aside = random.Uniform(-.45f, .45f) * distance * camera.FieldOfView;
        Vector3 at = new(aside, 0, distance), eye = new(0, camera.MountHeight, 0);
        float yaw = random.Uniform(0, MathF.Tau);
        centre = at + new Vector3(0, person.Height / 2, 0);
        _stage.Clear();
        _stage.Enter(person, PoseDraw.Draw(random, person.Look.Burden), at, yaw, isSubject: true);
        Vector3 side = Vector3.Normalize(Vector3.Cross(centre - eye, Vector3.UnitY)), away = Vector3.Normalize(at);
        AddCompany(at, away, side, yaw, distance, random);

        // The axis is off the person by up to half the opening, so that leaning and stretching occur as in real wide pictures.
        Vector3 target = centre + (side * (distance * MathF.Tan(random.Uniform(-.4f, .4f) * camera.FieldOfView)))
            + (Vector3.UnitY * (distance * MathF.Tan(random.Uniform(-.28f, .28f) * camera.FieldOfView)));
        return View.LookAt(eye, target, camera.Roll + (random.Normal() * .01f));
    }

    private void AddCompany(Vector3 at, Vector3 away, Vector3 side, float yaw, float distance, SeededRandom random)
    {
        int behind = random.Weighted(.74f, .14f, .12f);
        for (int i = 0; i < behind; i++)
        {
            Vector3 place = at + (away * random.Uniform(4, 45)) + (side * random.Uniform(-9, 9));
            Enter(place, random.Chance(.4f) ? yaw : random.Uniform(0, MathF.Tau), random);
        }

        if (random.Chance(.06f))
        {
            float nearer = random.Uniform(4, MathF.Max(4.5f, MathF.Min(15, distance * .3f)));
            Enter(at - (away * nearer) + (side * ((random.Chance(.5f) ? 1 : -1) * random.Uniform(3, 6))), random.Uniform(0, MathF.Tau), random);
        }
    }

    private void Enter(Vector3 at, float yaw, SeededRandom random)
    {
        Person other = crowd[random.Below(crowd.Count)].Value;
        _stage.Enter(other, PoseDraw.Draw(random, other.Look.Burden), at, yaw, isSubject: false);
    }

    // Four samples make one picture element; those without a person show the scene.
    private void Resolve(Span<Vector3> picture, int columns, int rows)
    {
        ReadOnlySpan<Vector3> colours = _shader!.Colours;
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                int k = (y * Samples * _buffer.Width) + (x * Samples), i = (y * columns) + x;
                Vector3 sum = default;
                int bare = 0;
                foreach (int sample in (ReadOnlySpan<int>)[k, k + 1, k + _buffer.Width, k + _buffer.Width + 1])
                {
                    if (_buffer.IsCovered(sample))
                    {
                        sum += colours[sample];
                    }
                    else
                    {
                        bare++;
                    }
                }

                picture[i] = (sum + (picture[i] * bare)) * .25f;
            }
        }
    }
}
