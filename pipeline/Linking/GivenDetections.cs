using System.Threading.Channels;
using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Tracker.Evaluation;

using Box = Pipeline.Detector.Box;

namespace Pipeline.Cli.Linking;

/// <summary>
/// In the detector's place: boxes that somebody else found, MOTChallenge text with frames from 1 as decoded, in
/// <c>FOLDER/CAMERA/SEGMENT.txt</c>, with or without the segment's ending, or <c>FOLDER/CAMERA.txt</c> for a camera of one segment.
/// </summary>
/// <param name="folder">The folder.</param>
internal sealed class GivenDetections(string folder) : IPersonDetector
{
    private readonly Dictionary<Segment, ILookup<int, Detection>> _segments = [];

    /// <inheritdoc/>
    public string Id => $"given@{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}";

    /// <inheritdoc/>
    public string Description => $"none: boxes are given in '{folder}'";

    /// <summary>Runs until the input is complete or the token is cancelled, then completes the output.</summary>
    /// <param name="input">Frames and marks in capture-time order; frames pass into the stage's ownership.</param>
    /// <param name="output">Receives <see cref="DetectedFrame"/>s in place of frames, the rest as it came.</param>
    /// <param name="cancellationToken">Stops the stage.</param>
    /// <exception cref="InvalidDataException">A segment has no boxes here, or they are damaged.</exception>
    public async Task RunAsync(ChannelReader<CameraItem> input, ChannelWriter<CameraItem> output, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await foreach (CameraItem item in input.ReadAllAsync(cancellationToken))
            {
                await output.WriteAsync(item is Frame frame ? new DetectedFrame(frame, Of(frame), rested: false) : item, cancellationToken);
            }
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            output.TryComplete(failure);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: a picture alone does not say which frame it is.</exception>
    public IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<Mat> pictures) => throw new NotSupportedException("these boxes are given, not found");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private List<Detection> Of(Frame frame)
    {
        if (!_segments.TryGetValue(frame.Segment, out ILookup<int, Detection>? boxes))
        {
            foreach (Segment over in _segments.Keys.Where(segment => segment.Camera == frame.Camera).ToList())
            {
                _segments.Remove(over);
            }

            _segments[frame.Segment] = boxes = Read(frame.Segment);
        }

        return
        [
            .. boxes[(int)frame.Number + 1]
                .OrderByDescending(box => box.Score).ThenBy(box => box.Box.Y).ThenBy(box => box.Box.X).ThenBy(box => box.Box.Width * box.Box.Height),
        ];
    }

    private ILookup<int, Detection> Read(Segment segment)
    {
        string inCamera = Path.Combine(folder, segment.Camera.Id, segment.Ref);
        string[] places = [inCamera + ".txt", Path.ChangeExtension(inCamera, ".txt"), Path.Combine(folder, segment.Camera.Id + ".txt")];
        string path = places.FirstOrDefault(File.Exists)
            ?? throw new InvalidDataException($"no boxes for {segment.Camera.Id}/{segment.Ref}: '{places[1]}' is not there. Write it, empty where nobody was found.");
        return GivenFolder.Rows(path).ToLookup(row => row.Frame, row => ToDetection(row, path));
    }

    private static Detection ToDetection(MotRow row, string path) => row is { Width: > 0, Height: > 0 }
        ? new Detection(new Box((float)row.X, (float)row.Y, (float)row.Width, (float)row.Height), (float)Math.Clamp(row.Confidence, 0, 1))
        : throw new InvalidDataException($"'{path}', frame {row.Frame}: a box of some width and height is needed, got {row.Width} x {row.Height}. Correct it.");
}
