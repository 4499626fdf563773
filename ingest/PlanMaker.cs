namespace Pipeline.Ingest;

/// <summary>Settles ids, capture times and order for the cameras that were found.</summary>
internal static class PlanMaker
{
    internal static IngestPlan Make(List<Candidate> candidates, IngestOptions options, Findings findings)
    {
        HashSet<string> taken = [];
        HashSet<string> used = [];
        List<CameraPlan> cameras = [];
        foreach (Candidate candidate in candidates.OrderBy(candidate => candidate.Name, NaturalOrder.Instance))
        {
            Camera camera = Named(candidate, options, taken, findings, out CameraOptions own, out string? key);
            used.Add(key ?? "");
            if (!own.Enabled)
            {
                findings.Notices.Add($"camera {camera.Id} is switched off in the settings");
                continue;
            }

            CameraPlan plan = candidate.Url is not null
                ? new(camera, [], TimeSource.Arrival, Rate(own, options), candidate.Url)
                : Timed(camera, candidate, own, options, findings);
            if (plan.Segments.Count == 0 && plan.Url is null)
            {
                findings.Problems.Add($"camera {camera.Id}: no pictures in '{Shown.Line(candidate.Root)}'. Remove the folder, or fill it.");
                continue;
            }

            cameras.Add(plan);
        }

        foreach (string key in options.Cameras.Keys.Where(key => !used.Contains(key)).Order(StringComparer.Ordinal))
        {
            findings.Notices.Add($"the settings name a camera '{Shown.Line(key)}' that is not among the sources");
        }

        if (cameras.Count == 0)
        {
            throw new InvalidDataException($"no camera is left to read.{string.Concat(findings.Problems.Select(p => " " + p))}");
        }

        cameras.Sort((a, b) => string.CompareOrdinal(a.Camera.Id, b.Camera.Id));
        return new IngestPlan(cameras, options.Clocks, findings.Notices, findings.Problems);
    }

    private static Camera Named(
        Candidate candidate, IngestOptions options, HashSet<string> taken, Findings findings, out CameraOptions own, out string? key)
    {
        string wanted = Slug.From(candidate.Name);
        string id = Slug.Take(wanted, taken);
        if (id != wanted)
        {
            findings.Notices.Add($"camera '{Shown.Line(candidate.Name)}' has the id {id}: {wanted} is taken by another camera");
        }
        else if (id != candidate.Name && (candidate.Url is null || candidate.Name != StreamAddress.Name(candidate.Url))) // a name of our making surprises nobody
        {
            findings.Notices.Add($"camera '{Shown.Line(candidate.Name)}' has the id {id}");
        }

        key = options.Cameras.ContainsKey(id) ? id : options.Cameras.ContainsKey(candidate.Name) ? candidate.Name : null;
        key ??= options.Cameras.Keys.FirstOrDefault(k => candidate.Url is not null && options.Cameras[k].Url == candidate.Url);
        own = key is null ? new CameraOptions() : options.Cameras[key];
        return new Camera(id, own.Name ?? candidate.Name, candidate.Url is null ? CameraKind.Recorded : CameraKind.Live);
    }

    private static double Rate(CameraOptions own, IngestOptions options) => own.Fps > 0 ? own.Fps : options.Fps;

    private static CameraPlan Timed(Camera camera, Candidate candidate, CameraOptions own, IngestOptions options, Findings findings)
    {
        TimeFinder finder = new(candidate.Root, own, options, findings.Problems);
        List<SegmentPlan> segments = [.. candidate.Segments.Select(found => Segment(found, candidate.Root, options, finder, findings))];
        TimeSource source = finder.Source(segments, out int without);
        if (without > 0 && without < segments.Count)
        {
            findings.Notices.Add(
                $"camera {camera.Id}: {without} of {segments.Count} segments tell no time, so all of it goes by order. Name them alike, or give time_pattern.");
        }

        if (source == TimeSource.Order)
        {
            segments = [.. segments.Select(segment => segment with { StartAt = null, ImageTimes = null })];
        }

        IEnumerable<SegmentPlan> ordered = segments.OrderBy(s => s.StartAt ?? DateTimeOffset.MinValue).ThenBy(s => s.Ref, NaturalOrder.Instance);
        return new CameraPlan(camera, [.. ordered.Select((segment, i) => segment with { Ordinal = i })], source, Rate(own, options));
    }

    private static SegmentPlan Segment(Found found, string root, IngestOptions options, TimeFinder finder, Findings findings)
    {
        bool images = found.Kind is "images" or "mot";
        string path = images ? Path.GetDirectoryName(found.Files[0])! : found.Files[0];
        string relative = Path.GetRelativePath(root, path).Replace('\\', '/');
        long bytes = 0;
        foreach (string file in found.Files)
        {
            try
            {
                bytes += new FileInfo(file).Length;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                findings.Problems.Add(Shown.IsUtf8(file)
                    ? $"'{Shown.Line(file)}': {Shown.Line(e.Message)} It is read as far as it can be."
                    : $"'{Shown.Line(file)}' cannot be opened. {Shown.NotUtf8}");
            }
        }

        double fps = images ? (found.ImageFps > 0 ? found.ImageFps : options.ImageFps) : 0;
        IReadOnlyList<DateTimeOffset>? times = images ? finder.OfPictures(found.Files) : null;
        DateTimeOffset? start = found.StartAt is { } known ? finder.Known(known) : times?[0] ?? finder.Of(path, relative, images);
        return new SegmentPlan(found.Kind, relative, 0, found.Files, bytes, start, fps, times);
    }
}
