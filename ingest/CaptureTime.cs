using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Pipeline.Files;

namespace Pipeline.Ingest;

/// <summary>The one place that knows when footage was taken: sidecars, file names, containers, order.</summary>
public static class CaptureTime
{
    /// <summary>Start of the first segment of a camera without a clock.</summary>
    public static readonly DateTimeOffset OrderStart = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// From the last frame of a segment to the start of the next where only their order is known. A constant, so that a resumed run
    /// finds the start of a segment from the end of the one before.
    /// </summary>
    public static readonly TimeSpan OrderGap = TimeSpan.FromMilliseconds(40);

    private const int SidecarLimit = 1 << 20;

    private static readonly string[] StartKeys =
        ["start_time", "start_at", "started_at", "start", "starttime", "startat", "capture_time", "recorded_at", "timestamp", "creation_time"];

    /// <summary>Start of the segment behind one that ended, where only order is known.</summary>
    public static DateTimeOffset AfterInOrder(DateTimeOffset endOfPrevious) => endOfPrevious + OrderGap;

    /// <summary>A time zone by name: UTC, local, an IANA name, or an offset such as +02:00.</summary>
    public static bool TryZone(string name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        ArgumentNullException.ThrowIfNull(name);
        zone = null;
        if (name.Equals("UTC", StringComparison.OrdinalIgnoreCase) || name == "Z")
        {
            zone = TimeZoneInfo.Utc;
        }
        else if (name.Equals("local", StringComparison.OrdinalIgnoreCase))
        {
            zone = TimeZoneInfo.Local;
        }
        else if (TryOffset(name, out TimeSpan offset))
        {
            zone = TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name);
        }
        else
        {
            _ = TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone);
        }

        return zone is not null;
    }

    /// <summary>
    /// Reads <c>segment.mp4.json</c>: an object with <c>start_time</c> (or start_at, started_at, start, capture_time, recorded_at, timestamp,
    /// creation_time) as ISO 8601 text or as seconds or milliseconds since 1970.
    /// </summary>
    /// <param name="file">The segment.</param>
    /// <param name="zone">Zone of a time that names none.</param>
    /// <param name="time">The start, UTC.</param>
    /// <param name="fault">Why a sidecar that is there cannot be used; null when there is none, or when it served.</param>
    public static bool TrySidecar(string file, TimeZoneInfo zone, out DateTimeOffset time, out string? fault)
    {
        time = default;
        fault = null;
        FileInfo sidecar = new(file + ".json");
        if (!sidecar.Exists)
        {
            return false;
        }

        try
        {
            if (RegularFile.Fault(sidecar.FullName) is { } unread)
            {
                fault = $"'{Shown.Line(sidecar.Name)}' {unread}. It was left out.";
                return false;
            }

            if (sidecar.Length > SidecarLimit)
            {
                fault = $"'{Shown.Line(sidecar.Name)}' has {sidecar.Length} bytes, 1 MiB at most is read. It was left out.";
                return false;
            }

            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(sidecar.FullName));
            if (json.RootElement.ValueKind == JsonValueKind.Object && TryStart(json.RootElement, zone, out time))
            {
                return true;
            }

            fault = $"'{Shown.Line(sidecar.Name)}' holds no start_time such as \"2024-05-01T12:30:00Z\". It was left out.";
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            fault = $"'{Shown.Line(sidecar.Name)}' cannot be read as JSON: {Shown.Line(e.Message)} It was left out.";
        }

        return false;
    }

    /// <summary>
    /// Reads <c>times.csv</c> of a folder: one line a file, its name and its start, separated by comma or semicolon; lines that start with #
    /// and a heading are passed over.
    /// </summary>
    /// <returns>Times by file name; empty without the file. Lines that cannot be read are told to <paramref name="problems"/>.</returns>
    public static IReadOnlyDictionary<string, DateTimeOffset> Table(string folder, TimeZoneInfo zone, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        Dictionary<string, DateTimeOffset> times = new(StringComparer.Ordinal);
        string file = Path.Combine(folder, "times.csv");
        if (!File.Exists(file))
        {
            return times;
        }

        if (RegularFile.Fault(file) is { } fault)
        {
            problems.Add($"'{Shown.Line(file)}' {fault}. It was left out: name files and times in it, or remove it.");
            return times;
        }

        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            string[] cells = [.. line.Split(line.Contains(';', StringComparison.Ordinal) ? ';' : ',').Select(cell => cell.Trim().Trim('"'))];
            bool readable = cells.Length >= 2 && cells[0].Length > 0;
            if (readable && TryText(cells[1], zone, out DateTimeOffset time))
            {
                times[cells[0]] = time;
            }
            else if (number > 1 && line.Length > 0 && line[0] != '#')
            {
                problems.Add($"{Shown.Line(file)}:{number}: a file name and a time such as 2024-05-01T12:30:00Z are needed. The line was left out.");
            }
        }

        return times;
    }

    /// <summary>Creation time in the header of an MP4 or MOV file (<c>mvhd</c>). It is often the date of an export.</summary>
    public static bool TryContainer(string file, out DateTimeOffset time)
    {
        time = default;
        if (RegularFile.Fault(file) is not null)
        {
            return false; // said when the segment is opened
        }

        using FileStream stream = File.OpenRead(file);
        return TryBox(stream, 0, stream.Length, "moov", out long start, out long end)
            && TryBox(stream, start, end, "mvhd", out start, out end)
            && TryMovieHeader(stream, start, end, out time);
    }

    /// <summary>A local time, or one with an offset of its own, as UTC. A time that the clock showed twice is the later one.</summary>
    internal static DateTimeOffset At(DateTime local, string offset, TimeZoneInfo zone)
    {
        TimeSpan ahead = offset == "Z" ? TimeSpan.Zero : TryOffset(offset, out TimeSpan own) ? own : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, TimeSpan.Zero) - ahead;
    }

    /// <summary>ISO 8601, or seconds or milliseconds since 1970.</summary>
    internal static bool TryText(string text, TimeZoneInfo zone, out DateTimeOffset time)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            return TryEpoch(number, out time);
        }

        bool hasZone = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime local) && !hasZone)
        {
            time = At(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), "", zone);
            return true;
        }

        bool read = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
        time = time.ToUniversalTime();
        return read;
    }

    /// <summary>Whether an MP4 has its index: the last thing that a recorder writes.</summary>
    internal static bool HasMovieIndex(FileStream stream) => TryBox(stream, 0, stream.Length, "moov", out _, out _);

    private static bool TryEpoch(double number, out DateTimeOffset time)
    {
        double milliseconds = number > 1e11 ? number : number * 1000; // 1e11 seconds would be the year 5138
        bool sound = milliseconds is > 0 and < 4e12;
        time = sound ? DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(milliseconds * 1000) * 10) : default;
        return sound;
    }

    private static bool TryStart(JsonElement root, TimeZoneInfo zone, out DateTimeOffset time)
    {
        time = default;
        foreach (string key in StartKeys)
        {
            foreach (JsonProperty property in root.EnumerateObject())
            {
                if (!property.Name.Equals(key, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                bool read = property.Value.ValueKind switch
                {
                    JsonValueKind.String => TryText(property.Value.GetString()!, zone, out time),
                    JsonValueKind.Number => TryEpoch(property.Value.GetDouble(), out time),
                    _ => false,
                };
                if (read)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool TryOffset(string text, out TimeSpan offset)
    {
        offset = default;
        bool sign = text.Length is 5 or 6 && text[0] is '+' or '-';
        string digits = sign ? text[1..].Replace(":", "", StringComparison.Ordinal) : "";
        if (digits.Length != 4 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return false;
        }

        offset = new TimeSpan(number / 100, number % 100, 0) * (text[0] == '-' ? -1 : 1);
        return number % 100 < 60 && Math.Abs(offset.TotalHours) <= 14;
    }

    // ISO 14496-12: a box is a 32-bit length, a name, and a 64-bit length where the first is 1; 0 reaches to the end.
    private static bool TryBox(FileStream stream, long start, long end, string name, out long bodyStart, out long bodyEnd)
    {
        Span<byte> head = stackalloc byte[16];
        while (start + 8 <= end)
        {
            stream.Position = start;
            int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (read < 8)
            {
                break;
            }

            long length = BinaryPrimitives.ReadUInt32BigEndian(head);
            int headLength = length == 1 ? 16 : 8;
            length = length switch
            {
                0 => end - start,
                1 => read == 16 ? BinaryPrimitives.ReadInt64BigEndian(head[8..]) : 0,
                _ => length,
            };
            if (length < headLength || length > end - start)
            {
                break;
            }

            if (System.Text.Encoding.ASCII.GetString(head.Slice(4, 4)) == name)
            {
                (bodyStart, bodyEnd) = (start + headLength, start + length);
                return true;
            }

            start += length;
        }

        (bodyStart, bodyEnd) = (0, 0);
        return false;
    }

    private static bool TryMovieHeader(FileStream stream, long start, long end, out DateTimeOffset time)
    {
        time = default;
        byte[] body = new byte[(int)Math.Min(end - start, 12)];
        stream.Position = start;
        stream.ReadExactly(body);
        long seconds = body switch
        {
            { Length: 12 } when body[0] == 1 => BinaryPrimitives.ReadInt64BigEndian(body.AsSpan(4)),
            { Length: >= 8 } => BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(4)),
            _ => 0,
        };
        DateTimeOffset epoch = new(1904, 1, 1, 0, 0, 0, TimeSpan.Zero);
        bool sound = seconds > 0 && seconds < (DateTimeOffset.MaxValue - epoch).TotalSeconds;
        time = sound ? epoch.AddSeconds(seconds) : default;
        return sound && time.Year >= 1990; // 0 and the like: a muxer without a clock
    }
}
