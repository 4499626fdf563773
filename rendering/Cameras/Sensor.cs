namespace Pipeline.Rendering.Cameras;

/// <summary>
/// From linear light to the 8-bit picture: blur, exposure, white balance, tone curve, colour, vignette, noise, sharpening. Each camera
/// has its own, and each picture strays a little from it; otherwise a cast of colour would become identity.
/// </summary>
internal sealed class Sensor
{
    private const int ToneSteps = 2048;
    private readonly Vector3 _whiteBalance;
    private readonly float _exposure;
    private readonly float _contrast;
    private readonly float _saturation;
    private readonly float _lift;
    private readonly float _vignette;
    private readonly float _blur;
    private readonly float _noise;
    private readonly float _chromaNoise;
    private readonly float _sharpening;
    private readonly int _quality;
    private readonly float _pictureHeight;
    private readonly float[] _tone = new float[ToneSteps + 1]; // over the square root of linear light, 0 to 2

    /// <summary>Draws a sensor for a place of this light.</summary>
    public Sensor(SeededRandom random, Light light)
    {
        _whiteBalance = new Vector3(MathF.Exp(random.Normal() * .11f), MathF.Exp(random.Normal() * .04f), MathF.Exp(random.Normal() * .13f));
        float key = .3f * ((light.SunColour.Y * .45f) + (light.Sky.Y * .7f)), gamma = random.Uniform(1.8f, 2.6f);
        _exposure = .38f / key * MathF.Exp(random.Normal() * .28f);
        _contrast = random.Uniform(.9f, 1.4f);
        _saturation = random.Chance(.02f) ? random.Uniform(0, .3f) : random.Uniform(.6f, 1.35f);
        _lift = random.Chance(.35f) ? random.Uniform(0, .1f) : 0;
        _vignette = random.Chance(.5f) ? random.Uniform(0, .3f) : 0;
        _blur = random.Chance(.7f) ? random.Uniform(0, .4f) : random.Uniform(.35f, .9f);
        _noise = random.Chance(.75f) ? random.Uniform(.001f, .008f) : random.Uniform(.008f, .018f);
        _chromaNoise = random.Uniform(.3f, 1.2f);
        _pictureHeight = random.Chance(.7f) ? random.Uniform(110, 256) : random.Uniform(64, 130);
        _sharpening = random.Chance(.7f) ? random.Uniform(.3f, 1.6f) : 0;
        _quality = 45 + random.Below(50);
        for (int i = 0; i <= ToneSteps; i++)
        {
            float root = 2f * i / ToneSteps;
            _tone[i] = ToneOf(root * root, 1 / gamma);
        }
    }

    /// <summary>Rows of a person's crop before it is brought to the size asked for.</summary>
    public int DrawHeight(SeededRandom random, int most) => Math.Clamp((int)(_pictureHeight * random.Uniform(.7f, 1.35f)), 48, most);

    /// <summary>Quality of the camera's compression in one picture, as of JPEG.</summary>
    public int DrawQuality(SeededRandom random) => Math.Clamp(_quality + random.Below(11) - 5, 35, 95);

    /// <summary>Makes a picture of light. The light is overwritten.</summary>
    /// <param name="light">Linear light, row by row.</param>
    /// <param name="width">Elements a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="random">Stream of this picture.</param>
    /// <param name="bgr">Receives the picture, blue first.</param>
    public void Develop(Span<Vector3> light, int width, int height, SeededRandom random, Span<byte> bgr)
    {
        float blur = _blur * random.Uniform(.6f, 1.4f), motion = random.Chance(.15f) ? random.Uniform(.5f, 2.2f) * height / 192 : 0;
        GaussianBlur.Apply(light, width, height, blur + motion, blur);
        Expose(light, width, height, random);
        if (_noise > .002f)
        {
            AddNoise(light, random);
        }

        if (_sharpening > 0)
        {
            Sharpen(light, width, height);
        }

        for (int i = 0; i < light.Length; i++)
        {
            Vector3 value = Vector3.Clamp((light[i] * 255) + new Vector3(.5f), Vector3.Zero, new Vector3(255));
            bgr[3 * i] = (byte)value.Z;
            bgr[(3 * i) + 1] = (byte)value.Y;
            bgr[(3 * i) + 2] = (byte)value.X;
        }
    }

    private void Expose(Span<Vector3> light, int width, int height, SeededRandom random)
    {
        Vector3 gain = _whiteBalance * (_exposure * MathF.Exp(random.Normal() * .12f));
        float centreX = random.Uniform(-.6f, .6f), centreY = random.Uniform(-.6f, .6f);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float dx = centreX + (((x / (float)width) - .5f) * .6f), dy = centreY + ((y / (float)height) - .5f);
                Vector3 exposed = light[(y * width) + x] * gain * (1 - (_vignette * ((dx * dx) + (dy * dy))));
                Vector3 shown = new(Tone(exposed.X), Tone(exposed.Y), Tone(exposed.Z));
                Vector3 grey = new(Vector3.Dot(shown, new Vector3(.3f, .59f, .11f)));
                Vector3 middle = new(.45f);
                light[(y * width) + x] = new Vector3(_lift) + ((1 - _lift) * (((grey + ((shown - grey) * _saturation) - middle) * _contrast) + middle));
            }
        }
    }

    private void AddNoise(Span<Vector3> picture, SeededRandom random)
    {
        float chroma = _noise * _chromaNoise;
        for (int i = 0; i < picture.Length; i++)
        {
            float bright = random.Normal() * _noise;
            picture[i] += new Vector3(bright + random.Uniform(-chroma, chroma), bright, bright + random.Uniform(-chroma, chroma));
        }
    }

    private void Sharpen(Span<Vector3> picture, int width, int height)
    {
        Vector3[] blurred = picture.ToArray();
        GaussianBlur.Apply(blurred, width, height, .9f, .9f);
        for (int i = 0; i < picture.Length; i++)
        {
            picture[i] += (picture[i] - blurred[i]) * _sharpening;
        }
    }

    private float Tone(float light) => _tone[(int)(MathF.Sqrt(Math.Clamp(light, 0, 3.999f)) * (ToneSteps / 2))];

    // A straight line with a shoulder above .6, then gamma.
    private static float ToneOf(float light, float inverseGamma)
    {
        const float Shoulder = .6f;
        float soft = light < Shoulder ? light : Shoulder + ((1 - Shoulder) * (1 - MathF.Exp(-(light - Shoulder) / (1 - Shoulder))));
        return MathF.Pow(soft, inverseGamma);
    }
}
