namespace Pipeline.Rendering;

/// <summary>Renders people seen by several cameras: a set to train and to measure on, whose names are certain.</summary>
public sealed class PeopleGenerator
{
    /// <summary>Grows when the same seed gives other pictures.</summary>
    public const int Version = 1;

    private const int CrowdSize = 32;
    private const int LookAlikeEvery = 4;
    private readonly PeopleOptions _options;
    private readonly Wardrobe _wardrobe;
    private readonly Dresser _dresser;
    private readonly SurveillanceCamera[] _cameras;
    private readonly Lazy<Person>[] _crowd;

    /// <summary>Sets the cameras up.</summary>
    /// <param name="options">What to render.</param>
    /// <param name="material">What it is made of.</param>
    /// <exception cref="InvalidDataException">An option is outside its range.</exception>
    public PeopleGenerator(PeopleOptions options, PeopleMaterial material)
    {
        ArgumentNullException.ThrowIfNull(material);
        Check(options);
        _options = options;
        Progress.Total = checked(options.People * options.PerPerson);
        _wardrobe = material.Wardrobe;
        _dresser = new Dresser(_wardrobe);
        _cameras = [.. Enumerable.Range(0, options.Cameras).Select(c => new SurveillanceCamera(Stream(Purpose.Camera, c), material.Panoramas))];
        _crowd = [.. Enumerable.Range(0, CrowdSize).Select(i => new Lazy<Person>(() => _dresser.Dress(LookDraw.Draw(Stream(Purpose.Crowd, i)))))];
    }

    /// <summary>Checks options before anything is fetched or written.</summary>
    /// <exception cref="InvalidDataException">An option is outside its range; all are named.</exception>
    public static void Check(PeopleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] problems = [.. options.Problems().Select(p => $"--{p.Key}: {p.Problem}")];
        if (problems.Length > 0)
        {
            throw new InvalidDataException(string.Join("; ", problems) + ". Correct it, or leave it out.");
        }
    }

    /// <summary>How far it is.</summary>
    public GeneratorProgress Progress { get; } = new();

    /// <summary>Renders the set into a folder, which must be empty or not be there.</summary>
    /// <exception cref="InvalidDataException">The folder cannot be written.</exception>
    public void Generate(string folder, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        PeopleFolder output = new(folder, _options);
        int threads = _options.Threads == 0 ? Environment.ProcessorCount : _options.Threads, next = _options.FirstId - 1, end = _options.FirstId + _options.People;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] workers = [.. Enumerable.Range(0, Math.Min(threads, _options.People)).Select(_ => Task.Factory.StartNew(Work, stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        void Work()
        {
            Photographer photographer = new(_wardrobe.Body.Skeleton, _crowd, _options.Height / 2, _options.Height);
            try
            {
                for (int id = Interlocked.Increment(ref next); id < end; id = Interlocked.Increment(ref next))
                {
                    Render(id, photographer, output, stop.Token);
                }
            }
            catch (Exception)
            {
                stop.Cancel(); // the others need not go on
                throw;
            }
        }

        WaitAll(workers, cancellationToken);
        output.Complete(Enumerable.Range(_options.FirstId, _options.People).SelectMany(Pictures));
    }

    /// <summary>The pictures of a person, in order.</summary>
    internal IEnumerable<PictureRecord> Pictures(int id)
    {
        SeededRandom random = Stream(Purpose.Visit, id);
        int count = Math.Min(_options.Cameras, 4 + random.Below(3));
        int[] visited = [.. Enumerable.Range(0, _options.Cameras).Select(c => (Camera: c, Key: random.Next())).OrderBy(x => x.Key).Take(count).Select(x => x.Camera)];
        bool test = id >= _options.FirstId + _options.People - _options.TestPeople;
        return Enumerable.Range(0, _options.PerPerson).Select(k =>
            new PictureRecord(id, visited[k % count], k / count, !test ? PictureRole.Train : k < count ? PictureRole.Query : PictureRole.Gallery));
    }

    /// <summary>The look of a person: a quarter of them look much like the one before.</summary>
    internal Look LookOf(int id) => id % LookAlikeEvery == LookAlikeEvery - 1
        ? LookDraw.Vary(LookOf(id - 1), Stream(Purpose.LookAlike, id))
        : LookDraw.Draw(Stream(Purpose.Look, id));

    private void Render(int id, Photographer photographer, PeopleFolder output, CancellationToken cancellationToken)
    {
        Person person = _dresser.Dress(LookOf(id));
        int number = 0;
        foreach (PictureRecord picture in Pictures(id))
        {
            cancellationToken.ThrowIfCancellationRequested();
            output.Write(picture, photographer.Take(_cameras[picture.Camera], person, Stream(Purpose.Picture, id, number++)));
            Progress.Add(1);
        }
    }

    private static void WaitAll(Task[] workers, CancellationToken cancellationToken)
    {
        try
        {
            Task.WaitAll(workers, CancellationToken.None);
        }
        catch (AggregateException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw e.InnerExceptions.FirstOrDefault(x => x is not OperationCanceledException) ?? e; // the one that stopped the others
        }
    }

    private SeededRandom Stream(Purpose purpose, params ReadOnlySpan<int> numbers) => SeededRandom.Of((ulong)_options.Seed, purpose, numbers);
}
