namespace Pipeline.Cli.Terminal;

/// <summary>What a camera is doing.</summary>
public enum CameraActivity
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>Being read.</summary>
    Running,

    /// <summary>Read to its end.</summary>
    Finished,

    /// <summary>Given up: its problem is named.</summary>
    Failed,
}

/// <summary>How far a camera is.</summary>
/// <param name="Id">Camera id.</param>
/// <param name="Name">Name as given.</param>
/// <param name="Activity">What it is doing.</param>
/// <param name="Frames">Frames analysed.</param>
/// <param name="Footage">Recorded time analysed in this run.</param>
/// <param name="At">Capture time reached; null before the first frame.</param>
/// <param name="Done">Share of the input that is done, 0 to 1; null for streams and while unknown.</param>
/// <param name="People">People in view.</param>
/// <param name="RestedShare">Share of the frames on which the detector rested, 0 to 1; null when it never may.</param>
/// <param name="Problems">Segments with a problem so far.</param>
public sealed record CameraProgress(
    string Id,
    string Name,
    CameraActivity Activity,
    long Frames,
    TimeSpan Footage,
    DateTimeOffset? At,
    double? Done,
    int People,
    double? RestedShare,
    int Problems)
{
    /// <summary>A camera of which tracklets come, not frames.</summary>
    /// <param name="id">Camera id.</param>
    /// <param name="name">Name as given.</param>
    /// <param name="done">Tracklets done.</param>
    /// <param name="total">Of how many.</param>
    public static CameraProgress OfTracklets(string id, string name, int done, int total) => new(
        id,
        name,
        done == total ? CameraActivity.Finished : CameraActivity.Running,
        done,
        TimeSpan.Zero,
        At: null,
        total == 0 ? 1 : (double)done / total,
        People: 0,
        RestedShare: null,
        Problems: 0);
}

/// <summary>A line of news: an event, a problem, a broker that left.</summary>
/// <param name="Number">Grows by one with every line of the run, from 1; tells what was shown before.</param>
/// <param name="Text">One line.</param>
/// <param name="IsProblem">True when it is bad news.</param>
public sealed record ProgressNews(long Number, string Text, bool IsProblem = false);

/// <summary>How far a run is, at one moment.</summary>
/// <param name="Elapsed">Wall-clock time since the start of this run.</param>
/// <param name="Cameras">Cameras, by id.</param>
/// <param name="Identities">Identities sighted in this run.</param>
/// <param name="NewIdentities">Decisions that were a new identity.</param>
/// <param name="Matches">Decisions that joined a known identity.</param>
/// <param name="Events">Events written.</param>
/// <param name="EventsWaiting">Events that wait for the broker; null without one.</param>
/// <param name="News">The latest lines, oldest first; a handful is enough.</param>
public sealed record ProgressSnapshot(
    TimeSpan Elapsed,
    IReadOnlyList<CameraProgress> Cameras,
    int Identities,
    int NewIdentities,
    int Matches,
    long Events,
    long? EventsWaiting,
    IReadOnlyList<ProgressNews> News)
{
    /// <summary>Share of the whole that is done, by cameras; null when it is unknown of any.</summary>
    public double? Done => Cameras.Count > 0 && Cameras.All(c => c.Done is not null) ? Cameras.Average(c => c.Done!.Value) : null;

    /// <summary>Footage of all cameras per wall-clock time.</summary>
    public double TimesRealTime => Elapsed > TimeSpan.Zero ? Cameras.Sum(c => c.Footage.TotalSeconds) / Elapsed.TotalSeconds : 0;

    /// <summary>Time left at the pace so far; null while it is unknown (streams, or too early to say).</summary>
    /// <param name="done">Share done now.</param>
    /// <param name="doneBefore">Share done before this run, when resumed.</param>
    public TimeSpan? Left(double? done, double doneBefore = 0) =>
        done is { } share && share - doneBefore > 0.005 && share < 1 && Elapsed > TimeSpan.FromSeconds(1)
            ? Elapsed * ((1 - share) / (share - doneBefore))
            : null;
}
