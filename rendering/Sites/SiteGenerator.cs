using Pipeline.Rendering.Sites.Filming;

namespace Pipeline.Rendering.Sites;

/// <summary>
/// Renders a site with cameras that do not overlap: recorded folders as cameras leave them, with the truth about who is where beside them.
/// </summary>
public sealed class SiteGenerator
{
    /// <summary>Grows when the same seed gives other recordings.</summary>
    public const int Version = 2;

    private readonly Site _site;
    private readonly PeopleMaterial _material;
    private readonly DressingRoom _dressing;

    /// <summary>Draws plan and people.</summary>
    /// <param name="options">What to render.</param>
    /// <param name="material">What it is made of.</param>
    /// <exception cref="InvalidDataException">An option is outside its range, or the routes do not hold the people.</exception>
    public SiteGenerator(SiteOptions options, PeopleMaterial material)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(material);
        _site = new Site(options);
        _material = material;
        _dressing = new DressingRoom(new Dresser(material.Wardrobe));
        Progress.Total = checked(options.Cameras * _site.Frames);
    }

    /// <summary>How far it is, in frames.</summary>
    public GeneratorProgress Progress { get; } = new();

    /// <summary>Checks options before anything is fetched or written.</summary>
    /// <exception cref="InvalidDataException">An option is outside its range, or the routes do not hold the people.</exception>
    public static void Check(SiteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _ = new Site(options);
    }

    /// <summary>Renders the site into a folder, which must be empty or not be there.</summary>
    /// <param name="folder">The folder: one sub-folder a camera, <c>site.json</c> and <c>pipeline.yaml</c>.</param>
    /// <param name="command">The command line that makes this site again, for <c>site.json</c>.</param>
    /// <param name="cancellationToken">Stops; <c>site.json</c> is then missing.</param>
    /// <exception cref="InvalidDataException">The folder cannot be written.</exception>
    public void Generate(string folder, string command, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        SiteFolder output = new(folder);
        int threads = _site.Options.Threads == 0 ? Environment.ProcessorCount : _site.Options.Threads;
        SiteCamera[] cameras = new SiteCamera[_site.Options.Cameras];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, cameras.Length, parallel, camera =>
            {
                Film film = new(_site, camera, _material, _dressing);
                film.Record(output, Progress, cancellationToken);
                cameras[camera] = film.Camera;
            });
        }
        catch (AggregateException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw e.InnerExceptions[0];
        }

        output.Complete(_site, cameras, command);
    }
}
