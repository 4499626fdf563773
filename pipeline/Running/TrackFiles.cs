using Pipeline.Cli.Summary;
using Pipeline.Ingest;
using Pipeline.Tracker;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Running;

/// <summary>
/// Writes the boxes of tracks for people who look or measure: per segment <c>CAMERA/SEGMENT.txt</c> in MOTChallenge form
/// (frames from 1 as decoded, ids the track numbers of the camera) and <c>CAMERA/SEGMENT.frames.txt</c> with number and capture time of the frames analysed.
/// Where a track was not seen for a while, boxes on a straight line stand in for the analysed frames between, after the box that ends the gap.
/// A segment that is analysed again is written again. Tracks that prove to be of nobody are taken out again. Not thread-safe.
/// </summary>
/// <param name="folder">Where to; made when missing.</param>
/// <param name="longestGap">Longest gap that is filled.</param>
internal sealed class TrackFiles(string folder, TimeSpan longestGap) : IDisposable
{
    private readonly Dictionary<string, SegmentFile> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Camera, int Track), List<string>> _files = []; // those that tracks have boxes in

    /// <summary>Takes the boxes of a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="boxes">Its boxes; those of tracks that are not believed yet wait until they are.</param>
    public void Write(Frame frame, IReadOnlyList<TrackedBox> boxes)
    {
        if (frame.Camera.Kind == CameraKind.Live)
        {
            return; // it has no end, and no file that the frame numbers would count in
        }

        if (!_open.TryGetValue(frame.Camera.Id, out SegmentFile? file) || file.Segment != frame.Segment)
        {
            file?.Dispose();
            if (file is null)
            {
                FindFiles(frame.Camera.Id);
            }

            file = _open[frame.Camera.Id] = new SegmentFile(folder, frame.Segment, longestGap);
        }

        file.Write((int)frame.Number + 1, frame.At, boxes);
        foreach (TrackedBox box in boxes.Where(box => box.Number > 0))
        {
            Note(frame.Camera.Id, box.Number, file.Boxes);
        }
    }

    /// <summary>Takes out the boxes of a track that proved to be of nobody.</summary>
    /// <param name="camera">Its camera.</param>
    /// <param name="track">Its number.</param>
    public void Dismiss(Camera camera, int track)
    {
        if (_files.Remove((camera.Id, track), out List<string>? files))
        {
            _open.GetValueOrDefault(camera.Id)?.Pause();
            foreach (string file in files)
            {
                string rest = MotText.Format(MotText.Parse(File.ReadAllText(file)).Where(row => row.Id != track));
                PrivateFile.Write(file, writer => writer.Write(rest));
            }
        }
    }

    // What a run wrote before it was interrupted.
    private void FindFiles(string camera)
    {
        string all = Path.Combine(folder, camera);
        foreach (string file in Directory.Exists(all) ? Directory.EnumerateFiles(all, "*.txt", SearchOption.AllDirectories) : [])
        {
            if (!file.EndsWith(AnalysedFrames.Ending, StringComparison.Ordinal))
            {
                MotText.Parse(File.ReadAllText(file)).ForEach(row => Note(camera, row.Id, file));
            }
        }
    }

    private void Note(string camera, int track, string file)
    {
        if (!_files.TryGetValue((camera, track), out List<string>? files))
        {
            _files[(camera, track)] = files = [];
        }

        if (!files.Contains(file))
        {
            files.Add(file);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SegmentFile file in _open.Values)
        {
            file.Dispose();
        }

        _open.Clear();
    }

    private sealed class SegmentFile : IDisposable
    {
        private readonly Dictionary<int, List<MotRow>> _tentative = [];
        private readonly Queue<(int Frame, DateTimeOffset At)> _analysed = []; // as long ago as a gap may be
        private readonly Dictionary<int, (MotRow Row, DateTimeOffset At)> _last = []; // of each track
        private readonly TimeSpan _longestGap;
        private readonly StreamWriter _frames;
        private StreamWriter? _boxes;

        internal SegmentFile(string folder, Segment segment, TimeSpan longestGap)
        {
            (Segment, _longestGap) = (segment, longestGap);
            string path = Path.Combine(folder, segment.Camera.Id, segment.Ref);
            PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
            Boxes = path + ".txt";
            _boxes = PrivateFile.Create(Boxes);
            _frames = PrivateFile.Create(path + AnalysedFrames.Ending);
        }

        internal Segment Segment { get; }

        /// <summary>The file of the boxes.</summary>
        internal string Boxes { get; }

        /// <summary>Closes the file of the boxes until the next frame, so that it may be written anew.</summary>
        internal void Pause()
        {
            _boxes?.Dispose();
            _boxes = null;
        }

        internal void Write(int frame, DateTimeOffset at, IReadOnlyList<TrackedBox> boxes)
        {
            Forget(at - _longestGap);
            _frames.WriteLine(AnalysedFrames.Line(frame, at));
            foreach (int gone in _tentative.Keys.Where(key => boxes.All(box => box.Key != key)).ToList())
            {
                _tentative.Remove(gone); // a tentative track that misses a frame is given up
            }

            List<MotRow> rows = [];
            foreach (TrackedBox box in boxes)
            {
                MotRow row = new(frame, box.Number, box.Box.X, box.Box.Y, box.Box.Width, box.Box.Height, box.Score, -1);
                if (box.Number == 0)
                {
                    _tentative.TryAdd(box.Key, []);
                    _tentative[box.Key].Add(row);
                    continue;
                }

                if (_tentative.Remove(box.Key, out List<MotRow>? before))
                {
                    rows.AddRange(before.Select(earlier => earlier with { Id = box.Number }));
                }

                rows.Add(row);
                if (_last.TryGetValue(row.Id, out (MotRow Row, DateTimeOffset At) seen))
                {
                    rows.AddRange(_analysed.Where(between => between.Frame > seen.Row.Frame).Select(between => GapFiller.Between(seen.Row, row, between.Frame)));
                }

                _last[row.Id] = (row, at);
            }

            _analysed.Enqueue((frame, at));
            _boxes ??= PrivateFile.Append(Boxes);
            _boxes.Write(MotText.Format(rows));
        }

        private void Forget(DateTimeOffset before)
        {
            while (_analysed.TryPeek(out (int Frame, DateTimeOffset At) oldest) && oldest.At < before)
            {
                _analysed.Dequeue();
            }

            foreach (int lost in _last.Where(track => track.Value.At < before).Select(track => track.Key).ToList())
            {
                _last.Remove(lost);
            }
        }

        public void Dispose()
        {
            Pause();
            _frames.Dispose();
        }
    }
}
