namespace Pipeline.Rendering;

/// <summary>How the pictures are laid out in the folder.</summary>
public enum PeopleLayout
{
    /// <summary>person/camera/number.jpg, as <c>00012/c07/03.jpg</c>.</summary>
    Plain,

    /// <summary>As Market-1501: bounding_box_train, bounding_box_test and query.</summary>
    Market,

    /// <summary>As MARS: bbox_train and bbox_test with tracklets of pictures.</summary>
    Mars,
}

/// <summary>What to render. A data set is a function of these values, whatever the number of threads.</summary>
public sealed record PeopleOptions
{
    /// <summary>Most people, cameras, pictures of a person; enough for any published set.</summary>
    private const int MostPeople = 1_000_000;
    private const int MostCameras = 1000;
    private const int MostPictures = 1000;

    /// <summary>How many people. 1 to 1,000,000; default 100.</summary>
    public int People { get; init; } = 100;

    /// <summary>How many cameras there are; each person is seen by four to six of them. 2 to 1000, default 16.</summary>
    public int Cameras { get; init; } = 16;

    /// <summary>Another seed gives other people, clothes, cameras and places. 0 or more, default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Pictures of each person. 1 to 1000, default 16.</summary>
    public int PerPerson { get; init; } = 16;

    /// <summary>Number of the first person: the same seed with the next numbers continues the same set. 0 or more, default 0.</summary>
    public int FirstId { get; init; }

    /// <summary>
    /// How many of the people, the last ones, are for measuring: their first picture by each camera asks, the others are searched. The rest is
    /// for training. 0 to all, default 0.
    /// </summary>
    public int TestPeople { get; init; }

    /// <summary>Rows of a picture, 256 or 192; it is half as wide. Default 256.</summary>
    public int Height { get; init; } = 256;

    /// <summary>Layout of the folder. Default plain.</summary>
    public PeopleLayout Layout { get; init; }

    /// <summary>Threads; 0 takes one for each core. 0 to 1024, default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (People is < 1 or > MostPeople)
        {
            yield return ("people", $"1 to {MostPeople} people, got {People}");
        }

        if (Cameras is < 2 or > MostCameras)
        {
            yield return ("cameras", $"2 to {MostCameras} cameras (one alone has no pairs across cameras), got {Cameras}");
        }

        if (PerPerson is < 1 or > MostPictures)
        {
            yield return ("per-person", $"1 to {MostPictures} pictures, got {PerPerson}");
        }

        if (Seed < 0)
        {
            yield return ("seed", $"0 or more, got {Seed}");
        }

        if (FirstId is < 0 or > MostPeople)
        {
            yield return ("first-id", $"0 to {MostPeople}, got {FirstId}");
        }

        if (TestPeople < 0 || TestPeople > People)
        {
            yield return ("test-people", $"0 to --people ({People}), got {TestPeople}");
        }

        if (Layout == PeopleLayout.Mars && (FirstId + People > 9998 || Cameras > 99))
        {
            yield return ("layout", $"mars has room for persons up to 9998 and 99 cameras, got person {(long)FirstId + People} and {Cameras} cameras");
        }

        if (Height is not (256 or 192))
        {
            yield return ("height", $"256 or 192 rows, got {Height}");
        }

        if (Threads is < 0 or > 1024)
        {
            yield return ("threads", $"0 (one for each core) to 1024, got {Threads}");
        }
    }
}
