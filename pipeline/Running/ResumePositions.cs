using Pipeline.Ingest;
using Pipeline.Store;

namespace Pipeline.Cli.Running;

/// <summary>From what the store knows of an interrupted run to where each camera goes on.</summary>
internal static class ResumePositions
{
    /// <summary>Start positions and tracker states by camera id; both empty for a new run.</summary>
    /// <param name="resume">What the store knows; null for a new run.</param>
    /// <param name="plan">The footage as it is now.</param>
    /// <exception cref="InvalidDataException">The footage changed: a camera is gone, or a finished segment has another content.</exception>
    public static (Dictionary<string, StartPosition> Start, Dictionary<string, byte[]> States) Of(ResumePoint? resume, IngestPlan plan)
    {
        Dictionary<string, StartPosition> start = new(StringComparer.Ordinal);
        Dictionary<string, byte[]> states = new(StringComparer.Ordinal);
        foreach (CameraResume camera in resume?.Cameras ?? [])
        {
            CameraPlan now = plan.Cameras.FirstOrDefault(c => c.Camera.Id == camera.Camera)
                ?? throw new InvalidDataException($"camera '{camera.Camera}' of the run to resume is not in this input. Give the same folder, or start a new run without --resume.");
            foreach (SegmentDone done in camera.Segments)
            {
                RequireSame(done, now);
            }

            if (camera.Segments.Count > 0)
            {
                SegmentDone last = camera.Segments[^1];
                start[camera.Camera] = new StartPosition(last.Ordinal + 1, last.EndedAt);
            }

            if (camera.State is { } state)
            {
                states[camera.Camera] = state;
            }
        }

        return (start, states);
    }

    private static void RequireSame(SegmentDone done, CameraPlan now)
    {
        SegmentPlan? segment = now.Segments.FirstOrDefault(s => s.Ordinal == done.Ordinal);
        if (segment is null || (done.Digest.Length > 0 && SegmentDigest.OfFiles(segment.Files) != done.Digest))
        {
            throw new InvalidDataException(
                $"{now.Camera.Id}: segment {done.Ordinal} ({segment?.Ref ?? "gone"}) is not the one that the run to resume has analysed. "
                + "Bring the old file back, or start a new run without --resume.");
        }
    }
}
