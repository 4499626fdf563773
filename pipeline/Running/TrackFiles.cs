using Pipeline.Cli.Summary;
using Pipeline.Ingest;
using Pipeline.Tracker;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Running;

/// <summary>
/// Writes the boxes of tracks for people who look or measure: per segment <c>CAMERA/SEGMENT.txt</c> in MOTChallenge form
/// (frames from 1 as decoded, ids the track numbers of the camera) and <c>CAMERA/SEGMENT.frames.txt</c> with number and capture time of the frames analysed.
/// Where a track was not seen for a while, boxes on a straight line stand in for the analysed frames between, after the box that ends the gap.
/// A segment that is analysed again is written again. Not thread-safe.
/// </summary>
/// <param name="folder">Where to; made when missing.</param>
/// <param name="longestGap">Longest gap that is filled.</param>
internal sealed class TrackFiles(string folder, TimeSpan longestGap) : IDisposable
{
    private readonly Dictionary<string, SegmentFile> _open = new(StringComparer.Ordinal);

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
            file = _open[frame.Camera.Id] = new SegmentFile(folder, frame.Segment, longestGap);
        }

        file.Write((int)frame.Number + 1, frame.At, boxes);
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
        private readonly StreamWriter _boxes;
        private readonly StreamWriter _frames;

        internal SegmentFile(string folder, Segment segment, TimeSpan longestGap)
        {
            (Segment, _longestGap) = (segment, longestGap);
            string path = Path.Combine(folder, segment.Camera.Id, segment.Ref);
            PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
            _boxes = PrivateFile.Create(path + ".txt");
            _frames = PrivateFile.Create(path + AnalysedFrames.Ending);
        }

        internal Segment Segment { get; }

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
            _boxes.Dispose();
            _frames.Dispose();
        }
    }
}
