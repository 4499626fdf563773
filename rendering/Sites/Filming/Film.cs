using OpenCvSharp;

namespace Pipeline.Rendering.Sites.Filming;

/// <summary>Records one camera: frame after frame into segments, with the truth of each.</summary>
internal sealed class Film
{
    private const float LeastVisibility = .02f; // of less of a person nothing is told
    private readonly Site _site;
    private readonly PeopleMaterial _material;
    private readonly DressingRoom _dressing;
    private readonly ulong _seed;

    /// <summary>Sets up the camera.</summary>
    public Film(Site site, int camera, PeopleMaterial material, DressingRoom dressing)
    {
        (_site, _material, _dressing, _seed) = (site, material, dressing, (ulong)site.Options.Seed);
        (int area, bool opposite) = site.Watches(camera);
        Camera = new SiteCamera(camera, site.CameraId(camera), site.Plan.Areas[area], opposite, SeededRandom.Of(_seed, Purpose.SiteCamera, camera));
    }

    /// <summary>The camera.</summary>
    public SiteCamera Camera { get; }

    /// <summary>Records all segments.</summary>
    public void Record(SiteFolder output, GeneratorProgress progress, CancellationToken cancellationToken)
    {
        Interior interior = new(_site.Plan.Areas[Camera.Area], _material.Panoramas, SeededRandom.Of(_seed, Purpose.SiteArea, Camera.Area));
        Backdrop backdrop = new(interior, Camera.View, Camera.Width, Camera.Height, cancellationToken);
        FrameRenderer renderer = new(Camera, backdrop, interior.Lighting, _material.Wardrobe.Body.Skeleton);
        FilmNoise noise = new(Camera.Width, Camera.Height, Camera.Sensor.Noise, SeededRandom.Of(_seed, Purpose.SiteNoise, Camera.Number));
        using Mat picture = new(Camera.Height, Camera.Width, MatType.CV_8UC3);
        for (int segment = 0; segment < _site.Segments; segment++)
        {
            using SegmentWriter writer = output.Open(Camera, _site.SegmentName(segment), _site.Options.Fps);
            for (int frame = 0; frame < _site.SegmentFrames; frame++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int number = (segment * _site.SegmentFrames) + frame;
                double time = number / (double)_site.Options.Fps;
                List<Seen> seen = renderer.Draw(Present(time), interior.Lighting.At(Math.Floor(time)), picture.AsSpan<byte>());
                noise.Add(picture.AsSpan<byte>(), SeededRandom.Of(_seed, Purpose.SiteNoise, Camera.Number, number));
                writer.Write(picture, seen.Where(person => person.Visibility >= LeastVisibility));
                progress.Add(1);
            }

            writer.Complete(_site.SegmentFrames);
        }
    }

    private IEnumerable<Appearance> Present(double time)
    {
        for (int i = 0; i < _site.Visitors.Length; i++)
        {
            if (_site.Crowd.At(i, time) is { } where && where.Area == Camera.Area)
            {
                Person person = _dressing.Dressed(_site.Visitors[i].LookAt(time));
                yield return new Appearance(_site.Visitors[i].Id, person, _site.Visitors[i].Gait.At(where, person.Height, time), where);
            }
        }
    }
}
