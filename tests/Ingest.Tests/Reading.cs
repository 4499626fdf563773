using System.Threading.Channels;
using Pipeline.Ingest;

namespace Pipeline.Tests.Ingest;

/// <summary>Runs the stage over a folder and keeps what came out as text.</summary>
internal static class Reading
{
    public static async Task<List<CameraItem>> All(
        string folder, IngestOptions? options = null, IReadOnlyDictionary<string, StartPosition>? start = null)
    {
        options ??= new IngestOptions();
        return await All(new IngestStage(CameraFolders.Discover([folder], options), options, start));
    }

    public static async Task<List<CameraItem>> All(IngestStage stage)
    {
        Channel<CameraItem> items = Channel.CreateBounded<CameraItem>(2);
        Task running = stage.RunAsync(items.Writer, CancellationToken.None);
        List<CameraItem> all = [];
        await foreach (CameraItem item in items.Reader.ReadAllAsync())
        {
            (item as IDisposable)?.Dispose();
            all.Add(item);
        }

        await running.WaitAsync(TimeSpan.FromSeconds(60));
        return all;
    }

    public static IEnumerable<string> Lines(this IEnumerable<CameraItem> items) => items.Select(item => item switch
    {
        Frame f => $"{f.Camera.Id} {f.Segment.Ref} {f.Number} {f.At:HH:mm:ss.fff}",
        SegmentEnd e => $"{e.Camera.Id} {e.Segment.Ref} end {e.At:HH:mm:ss.fff} {e.FramesDecoded}/{e.FramesAnalysed} {e.Problem}".TrimEnd(),
        _ => $"{item.Camera.Id} end {item.At:HH:mm:ss.fff}",
    });
}
