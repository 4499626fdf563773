namespace Pipeline.Ingest;

/// <summary>Looks for the start times of one camera's segments, in the order that its settings ask for.</summary>
internal sealed class TimeFinder
{
    private readonly string _root;
    private readonly NamePattern _pattern;
    private readonly TimeZoneInfo _zone;
    private readonly TimeRule _rule;
    private readonly ICollection<string> _problems;
    private readonly Dictionary<string, IReadOnlyDictionary<string, DateTimeOffset>> _tables = new(StringComparer.Ordinal);
    private readonly SortedSet<TimeSource> _sources = [];

    internal TimeFinder(string root, CameraOptions own, IngestOptions options, ICollection<string> problems)
    {
        _root = root;
        _problems = problems;
        _rule = own.Time != TimeRule.Inherit ? own.Time : options.Time;
        string? pattern = own.TimePattern ?? options.TimePattern;
        _pattern = pattern is not null && NamePattern.TryParse(pattern, out NamePattern? given, out _) ? given : NamePattern.Common;
        _zone = CaptureTime.TryZone(own.TimeZone ?? options.TimeZone, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc;
    }

    /// <summary>What all segments rest on: the least of their sources, order when one of them tells nothing.</summary>
    internal TimeSource Source(IReadOnlyList<SegmentPlan> segments, out int without)
    {
        without = segments.Count(segment => segment.StartAt is null);
        return without > 0 || _sources.Count == 0 ? TimeSource.Order : _sources.Max;
    }

    /// <summary>A time that the layout itself tells, such as Frigate's.</summary>
    internal DateTimeOffset? Known(DateTimeOffset time) => _rule == TimeRule.Order ? null : Note(TimeSource.FileName, time);

    /// <summary>Start of a segment, or null.</summary>
    internal DateTimeOffset? Of(string path, string relative, bool images)
    {
        if (_rule == TimeRule.Order)
        {
            return null;
        }

        if (Table(Path.GetDirectoryName(path)!).TryGetValue(Path.GetFileName(path), out DateTimeOffset time)
            || Table(_root).TryGetValue(relative, out time)
            || CaptureTime.TrySidecar(path, _zone, out time, out string? fault))
        {
            return Note(TimeSource.Sidecar, time);
        }

        if (fault is not null)
        {
            _problems.Add($"'{Shown.Line(path)}': {fault}");
        }

        string name = images ? relative : Path.ChangeExtension(relative, null);
        if (_pattern.TryFind(name, _zone, out time, out _))
        {
            return Note(TimeSource.FileName, time);
        }

        return _rule == TimeRule.Container && !images ? OfContainer(path) : null;
    }

    /// <summary>Times of all pictures of a sequence, from a table or their names; null unless all have one and they ascend.</summary>
    internal IReadOnlyList<DateTimeOffset>? OfPictures(IReadOnlyList<string> files)
    {
        if (_rule == TimeRule.Order)
        {
            return null;
        }

        IReadOnlyDictionary<string, DateTimeOffset> table = Table(Path.GetDirectoryName(files[0])!);
        List<DateTimeOffset> times = [];
        TimeSource source = TimeSource.Sidecar;
        foreach (string file in files)
        {
            if (!table.TryGetValue(Path.GetFileName(file), out DateTimeOffset time))
            {
                source = TimeSource.FileName;
                if (!_pattern.TryFind(Path.GetFileNameWithoutExtension(file), _zone, out time, out _))
                {
                    return null;
                }
            }

            times.Add(time);
        }

        bool ascending = times.Zip(times.Skip(1)).All(pair => pair.First < pair.Second);
        if (ascending)
        {
            _sources.Add(source);
        }

        return ascending ? times : null;
    }

    private DateTimeOffset? OfContainer(string path)
    {
        try
        {
            return CaptureTime.TryContainer(path, out DateTimeOffset time) ? Note(TimeSource.Container, time) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // said when the segment is opened
        }
    }

    private DateTimeOffset Note(TimeSource source, DateTimeOffset time)
    {
        _sources.Add(source);
        return time;
    }

    private IReadOnlyDictionary<string, DateTimeOffset> Table(string folder)
    {
        if (!_tables.TryGetValue(folder, out IReadOnlyDictionary<string, DateTimeOffset>? table))
        {
            _tables[folder] = table = CaptureTime.Table(folder, _zone, _problems);
        }

        return table;
    }
}
