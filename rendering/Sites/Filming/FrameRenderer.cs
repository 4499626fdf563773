namespace Pipeline.Rendering.Sites.Filming;

/// <summary>Draws frames of one camera: the backdrop as it is, and over it the people and their shadows, from near to far.</summary>
/// <remarks>Buffers as large as the picture; one for each thread.</remarks>
internal sealed class FrameRenderer
{
    private const float LeastDepth = 9; // decimetres along the axis; nearer, under the camera, nobody is drawn
    private const float ShadowReach = 35;
    private readonly SiteCamera _camera;
    private readonly Backdrop _place;
    private readonly Lighting _lighting;
    private readonly View _fine;
    private readonly Stage _stage;
    private readonly ShadowMaps _shadows = new();
    private readonly VisibilityBuffer _buffer = new();
    private readonly Shader _shader;
    private readonly byte[] _empty; // the developed picture while nobody is there
    private readonly Vector3[] _people;
    private readonly byte[] _covered; // samples of an element that show people
    private readonly bool[] _taken; // samples that show people
    private readonly float[] _direct; // what shadows leave
    private readonly float[] _ambient;
    private readonly Vector3[] _light;
    private readonly Vector3[] _scratch;
    private readonly List<PixelBox> _changed = [];
    private (float Direct, float Ambient) _strength = (-1, -1);

    /// <summary>Sets up for a camera.</summary>
    /// <param name="camera">The camera; its exposure is set to the place.</param>
    /// <param name="place">What it sees while nobody is there.</param>
    /// <param name="lighting">Light of the area.</param>
    /// <param name="skeleton">The skeleton of all bodies.</param>
    public FrameRenderer(SiteCamera camera, Backdrop place, Lighting lighting, Skeleton skeleton)
    {
        (_camera, _place, _lighting) = (camera, place, lighting);
        camera.Sensor.SetExposure(place);
        _fine = Backdrop.Fine(camera.View);
        _stage = new Stage(skeleton);
        _shader = new Shader(_stage, _buffer, _shadows);
        int count = camera.Width * camera.Height;
        (_empty, _people, _covered, _direct, _ambient) = (new byte[3 * count], new Vector3[count], new byte[count], new float[count], new float[count]);
        (_light, _scratch, _taken) = (new Vector3[count], new Vector3[count], new bool[count * Backdrop.Samples * Backdrop.Samples]);
        Array.Fill(_direct, 1);
        Array.Fill(_ambient, 1);
    }

    /// <summary>Draws one frame.</summary>
    /// <param name="people">Who is in the area.</param>
    /// <param name="strength">Strength of light now, as of <see cref="Lighting.At"/>.</param>
    /// <param name="bgr">Receives the frame without noise, blue first.</param>
    /// <returns>Truth: everybody of whom the frame shows something.</returns>
    public List<Seen> Draw(IEnumerable<Appearance> people, (float Direct, float Ambient) strength, Span<byte> bgr)
    {
        if (strength != _strength)
        {
            _strength = strength;
            Develop(new PixelBox(0, 0, _camera.Width, _camera.Height), _empty);
        }

        _empty.CopyTo(bgr);
        List<Seen> seen = [];
        foreach (Appearance person in people.OrderBy(Depth).ThenBy(p => p.Id))
        {
            if (Depth(person) > LeastDepth && Draw(person) is { } truth)
            {
                seen.Add(truth);
            }
        }

        List<PixelBox> parts = Disjoint();
        foreach (PixelBox part in parts)
        {
            Develop(part.Grown(VideoSensor.Reach, _camera.Width, _camera.Height), bgr);
        }

        parts.ForEach(Forget);
        _changed.Clear();
        seen.Sort((one, other) => one.Id.CompareTo(other.Id));
        return seen;
    }

    private float Depth(Appearance person) => Vector3.Dot(person.At + new Vector3(0, 9, 0) - _camera.View.Eye, _camera.View.Forward);

    private Seen? Draw(Appearance person)
    {
        if (Aside(person))
        {
            return null;
        }

        Vector3 centre = person.At + new Vector3(0, person.Person.Height / 2, 0);
        (Light light, float share) = _lighting.On(centre);
        light = light with { SunColour = light.SunColour * _strength.Direct, Sky = light.Sky * _strength.Ambient, Ground = light.Ground * _strength.Ambient };
        _stage.Clear();
        _stage.Enter(person.Person, person.Pose, person.At, person.Where.Heading, isSubject: true);
        _shadows.Begin(centre, light);
        _stage.CastShadows(_shadows);
        Shade(person, light, share);
        return Raster(person, light);
    }

    // Certainly outside the picture, shadow included.
    private bool Aside(Appearance person)
    {
        Vector3 foot = _camera.View.Project(person.At), head = _camera.View.Project(person.At + new Vector3(0, 20, 0));
        float reach = 14 * _camera.View.Scale / MathF.Max(LeastDepth, MathF.Min(foot.Z, head.Z));
        return MathF.Max(foot.X, head.X) + reach < 0 || MathF.Min(foot.X, head.X) - reach > _camera.Width || head.Y - reach > _camera.Height || foot.Y + reach < 0;
    }

    // Shadow on what is behind and beneath, where the person keeps light away.
    private void Shade(Appearance person, Light light, float share)
    {
        Vector3 down = -light.Sun * MathF.Min(ShadowReach, person.Person.Height / MathF.Max(.25f, light.Sun.Y));
        Vector3 tip = person.At + new Vector3(down.X, 0, down.Z);
        PixelBox box = Around([person.At, tip], 8);
        if (box.IsEmpty)
        {
            return;
        }

        for (int y = box.Top; y < box.Bottom; y++)
        {
            for (int x = box.Left; x < box.Right; x++)
            {
                Vector3 point = _place.Point(x, y);
                int i = (y * _camera.Width) + x;
                _direct[i] *= 1 - (share * (1 - _shadows.Sun(point, .3f)));
                _ambient[i] *= point.Y < 1 ? .5f + (.5f * _shadows.SkyOfGround(point, .4f)) : 1;
            }
        }

        _changed.Add(box);
    }

    private Seen? Raster(Appearance person, Light light)
    {
        const int S = Backdrop.Samples;
        PixelBox wide = Bounds();
        int fineLeft = wide.Left * S, fineTop = wide.Top * S;
        if (wide.IsEmpty)
        {
            return null;
        }

        View view = _fine with { CentreX = _fine.CentreX - fineLeft, CentreY = _fine.CentreY - fineTop };
        _buffer.Draw(_stage, view, wide.Width * S, wide.Height * S);
        (int all, int shown) = Hide(fineLeft, fineTop);
        if (shown == 0)
        {
            return null;
        }

        _shader.Shade(view, light, person.Id * 13.7f % 200);
        Take(fineLeft, fineTop);
        _changed.Add(new PixelBox(Math.Max(0, wide.Left), Math.Max(0, wide.Top), Math.Min(_camera.Width, wide.Right), Math.Min(_camera.Height, wide.Bottom)));
        (Vector2 low, Vector2 high) = _stage.Bounds(_camera.View);
        low = Vector2.Clamp(low, Vector2.Zero, new Vector2(_camera.Width, _camera.Height));
        high = Vector2.Clamp(high, Vector2.Zero, new Vector2(_camera.Width, _camera.Height));
        return high.X - low.X < 1 || high.Y - low.Y < 1 ? null : new Seen(person.Id, new Box(low.X, low.Y, high.X - low.X, high.Y - low.Y), shown / (float)all);
    }

    // Of the whole person with all that hangs; what reaches far out of the picture is cut.
    private PixelBox Bounds()
    {
        (Vector2 low, Vector2 high) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (Vector3 point in _stage.Points)
        {
            Vector3 at = _camera.View.Project(point);
            low = Vector2.Min(low, new Vector2(at.X, at.Y));
            high = Vector2.Max(high, new Vector2(at.X, at.Y));
        }

        Vector2 size = new(_camera.Width, _camera.Height);
        low = Vector2.Max(low - Vector2.One, -size / 2);
        high = Vector2.Min(high + Vector2.One, size * 1.5f);
        PixelBox box = new((int)MathF.Floor(low.X), (int)MathF.Floor(low.Y), (int)MathF.Ceiling(high.X), (int)MathF.Ceiling(high.Y));
        return box.Meets(new PixelBox(0, 0, _camera.Width, _camera.Height)) ? box : default;
    }

    // Takes away what furniture, walls, nearer people and the edges of the picture hide. All samples, and those left.
    private (int All, int Shown) Hide(int fineLeft, int fineTop)
    {
        int fineWidth = _camera.Width * Backdrop.Samples, fineHeight = _camera.Height * Backdrop.Samples, all = 0, shown = 0;
        for (int y = 0; y < _buffer.Height; y++)
        {
            for (int x = 0; x < _buffer.Width; x++)
            {
                int sample = (y * _buffer.Width) + x;
                if (!_buffer.IsCovered(sample))
                {
                    continue;
                }

                all++;
                (int pictureX, int pictureY) = (x + fineLeft, y + fineTop);
                int picture = (pictureY * fineWidth) + pictureX;
                if (pictureX < 0 || pictureY < 0 || pictureX >= fineWidth || pictureY >= fineHeight || _taken[picture] || _place.InverseDepth[picture] > _buffer.InverseDepth(sample))
                {
                    _buffer.Erase(sample);
                }
                else
                {
                    shown++;
                }
            }
        }

        return (all, shown);
    }

    private void Take(int fineLeft, int fineTop)
    {
        const int S = Backdrop.Samples;
        ReadOnlySpan<Vector3> colours = _shader.Colours;
        for (int y = 0; y < _buffer.Height; y++)
        {
            for (int x = 0; x < _buffer.Width; x++)
            {
                int sample = (y * _buffer.Width) + x;
                if (_buffer.IsCovered(sample))
                {
                    (int pictureX, int pictureY) = (x + fineLeft, y + fineTop);
                    int element = (pictureY / S * _camera.Width) + (pictureX / S);
                    _taken[(pictureY * _camera.Width * S) + pictureX] = true;
                    _people[element] += colours[sample];
                    _covered[element]++;
                }
            }
        }
    }

    private void Develop(PixelBox target, Span<byte> bgr)
    {
        PixelBox part = target.Grown(VideoSensor.Reach, _camera.Width, _camera.Height);
        Span<Vector3> light = _light.AsSpan(0, part.Width * part.Height);
        for (int y = 0; y < part.Height; y++)
        {
            for (int x = 0; x < part.Width; x++)
            {
                int i = ((y + part.Top) * _camera.Width) + x + part.Left;
                Vector3 behind = (_place.Direct[i] * (_strength.Direct * _direct[i])) + (_place.Ambient[i] * (_strength.Ambient * _ambient[i]));
                light[(y * part.Width) + x] = (_people[i] + (behind * (4 - _covered[i]))) * .25f;
            }
        }

        _camera.Sensor.Develop(light, part, _camera.Width, _camera.Height, _scratch);
        for (int y = target.Top; y < target.Bottom; y++)
        {
            for (int x = target.Left; x < target.Right; x++)
            {
                Vector3 value = Vector3.Clamp((light[((y - part.Top) * part.Width) + x - part.Left] * 255) + new Vector3(.5f), Vector3.Zero, new Vector3(255));
                int i = 3 * ((y * _camera.Width) + x);
                (bgr[i], bgr[i + 1], bgr[i + 2]) = ((byte)value.Z, (byte)value.Y, (byte)value.X);
            }
        }
    }

    private void Forget(PixelBox part)
    {
        const int S = Backdrop.Samples;
        for (int y = part.Top; y < part.Bottom; y++)
        {
            int row = (y * _camera.Width) + part.Left;
            Array.Clear(_people, row, part.Width);
            Array.Clear(_covered, row, part.Width);
            Array.Fill(_direct, 1, row, part.Width);
            Array.Fill(_ambient, 1, row, part.Width);
            for (int sub = 0; sub < S; sub++)
            {
                Array.Clear(_taken, ((((y * S) + sub) * _camera.Width) + part.Left) * S, part.Width * S);
            }
        }
    }

    // Boxes that are close become one, so that no element is developed from half of what changed around it.
    private List<PixelBox> Disjoint()
    {
        List<PixelBox> parts = [];
        foreach (PixelBox changed in _changed)
        {
            PixelBox box = changed;
            for (int near = Near(box); near >= 0; near = Near(box))
            {
                box = box.With(parts[near]);
                parts.RemoveAt(near);
            }

            parts.Add(box);
        }

        int Near(PixelBox box) => parts.FindIndex(part => part.Grown(2 * VideoSensor.Reach, _camera.Width, _camera.Height).Meets(box));
        return parts;
    }

    private PixelBox Around(ReadOnlySpan<Vector3> floor, float reach)
    {
        (Vector2 low, Vector2 high) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (Vector3 middle in floor)
        {
            foreach (Vector3 corner in (ReadOnlySpan<Vector3>)[new(reach, 0, reach), new(-reach, 0, reach), new(reach, 0, -reach), new(-reach, 0, -reach)])
            {
                Vector3 at = _camera.View.Project(middle + corner);
                low = Vector2.Min(low, new Vector2(at.X, at.Y));
                high = Vector2.Max(high, new Vector2(at.X, at.Y));
            }
        }

        low = Vector2.Clamp(low, Vector2.Zero, new Vector2(_camera.Width, _camera.Height));
        high = Vector2.Clamp(high, Vector2.Zero, new Vector2(_camera.Width, _camera.Height));
        return new PixelBox((int)low.X, (int)low.Y, (int)MathF.Ceiling(high.X), (int)MathF.Ceiling(high.Y));
    }
}
