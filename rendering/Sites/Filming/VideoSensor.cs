namespace Pipeline.Rendering.Sites.Filming;

/// <summary>
/// From linear light to the 8-bit picture of a camera that films: optics, white balance, exposure set once to the place, tone curve, colour,
/// vignette, sharpening, noise. Works on any part of the picture with the same result as on the whole.
/// </summary>
internal sealed class VideoSensor
{
    /// <summary>How far around an element its value depends on the light, elements.</summary>
    public const int Reach = 5;

    private const int ToneSteps = 2048;
    private readonly Vector3 _whiteBalance;
    private readonly float _gamma;
    private readonly float _contrast;
    private readonly float _saturation;
    private readonly float _lift;
    private readonly float _vignette;
    private readonly float _blur;
    private readonly float _sharpening;
    private readonly float _noise;
    private readonly float _target;
    private readonly float[] _tone = new float[ToneSteps + 1]; // over the square root of linear light, 0 to 2
    private float _exposure = 1;

    /// <summary>Draws one.</summary>
    public VideoSensor(SeededRandom random)
    {
        _whiteBalance = new Vector3(MathF.Exp(random.Normal() * .1f), MathF.Exp(random.Normal() * .03f), MathF.Exp(random.Normal() * .12f));
        _gamma = random.Uniform(1.9f, 2.5f);
        _contrast = random.Uniform(.95f, 1.3f);
        _saturation = random.Uniform(.65f, 1.25f);
        _lift = random.Chance(.35f) ? random.Uniform(0, .08f) : 0;
        _vignette = random.Chance(.5f) ? random.Uniform(0, .35f) : 0;
        _blur = random.Uniform(.35f, .75f);
        _sharpening = random.Chance(.7f) ? random.Uniform(.3f, 1.1f) : 0;
        _noise = random.Uniform(.5f, 2);
        _target = random.Uniform(.15f, .27f);
        for (int i = 0; i <= ToneSteps; i++)
        {
            float root = 2f * i / ToneSteps;
            _tone[i] = ToneOf(root * root);
        }
    }

    /// <summary>Tone curve's exponent.</summary>
    public float Gamma => _gamma;

    /// <summary>Standard deviation of the noise, of 255.</summary>
    public float Noise => _noise;

    /// <summary>Sets the exposure, as an installer would: to the middle brightness of the place, but not so that what lies in the sun is lost.</summary>
    public void SetExposure(Backdrop place)
    {
        (double logarithms, double brightness) = (0, 0);
        for (int i = 0; i < place.Direct.Length; i++)
        {
            float bright = Vector3.Dot(place.Direct[i] + place.Ambient[i], new Vector3(.3f, .59f, .11f));
            logarithms += Math.Log(.01 + bright);
            brightness += bright;
        }

        int count = place.Direct.Length;
        _exposure = _target / (float)Math.Max(Math.Exp(logarithms / count), .75 * brightness / count);
    }

    /// <summary>Makes part of a picture of light; the light is overwritten.</summary>
    /// <param name="light">Linear light of the part.</param>
    /// <param name="part">Where the part is in the picture.</param>
    /// <param name="pictureWidth">Elements a row of the whole picture.</param>
    /// <param name="pictureHeight">Its rows.</param>
    /// <param name="scratch">As long as <paramref name="light"/>.</param>
    public void Develop(Span<Vector3> light, PixelBox part, int pictureWidth, int pictureHeight, Span<Vector3> scratch)
    {
        GaussianBlur.Apply(light, part.Width, part.Height, _blur, _blur);
        Vector3 gain = _whiteBalance * _exposure, middle = new(.45f);
        for (int y = 0; y < part.Height; y++)
        {
            for (int x = 0; x < part.Width; x++)
            {
                float dx = ((x + part.Left) / (float)pictureWidth) - .5f, dy = ((y + part.Top) / (float)pictureHeight) - .5f;
                Vector3 exposed = light[(y * part.Width) + x] * gain * (1 - (_vignette * 2 * ((dx * dx) + (dy * dy))));
                Vector3 shown = new(Tone(exposed.X), Tone(exposed.Y), Tone(exposed.Z));
                Vector3 grey = new(Vector3.Dot(shown, new Vector3(.3f, .59f, .11f)));
                light[(y * part.Width) + x] = new Vector3(_lift) + ((1 - _lift) * (((grey + ((shown - grey) * _saturation) - middle) * _contrast) + middle));
            }
        }

        if (_sharpening > 0)
        {
            light.CopyTo(scratch);
            GaussianBlur.Apply(scratch[..light.Length], part.Width, part.Height, .8f, .8f);
            for (int i = 0; i < light.Length; i++)
            {
                light[i] += (light[i] - scratch[i]) * _sharpening;
            }
        }
    }

    private float Tone(float light) => _tone[(int)(MathF.Sqrt(Math.Clamp(light, 0, 3.999f)) * (ToneSteps / 2))];

    // A straight line with a shoulder above .6, then gamma.
    private float ToneOf(float light)
    {
        const float Shoulder = .6f;
        float soft = light < Shoulder ? light : Shoulder + ((1 - Shoulder) * (1 - MathF.Exp(-(light - Shoulder) / (1 - Shoulder))));
        return MathF.Pow(soft, 1 / _gamma);
    }
}
