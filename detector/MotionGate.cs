using System.Numerics.Tensors;
using OpenCvSharp;

namespace Pipeline.Detector;

/// <summary>
/// Says where something moves in the pictures of a camera that stands still. Keeps, for about 160 cells across, the level of the last
/// two seconds and how much it usually strays; what stays as it is, a parked car or a person who stands, stops counting as motion soon
/// (persons who were found keep the detector awake by themselves: <see cref="CameraGate"/>), and what always moves, such as leaves,
/// counts less and less. Depends on the pictures and their capture times alone. Not thread-safe.
/// </summary>
public sealed class MotionGate
{
    private const int CellsAcross = 160;
    private const int SamplesAcross = 4; // of a cell, evenly spaced
    private const int SamplesDown = 2;
    private const float LeastChange = 7; // levels; compression alone moves the mean of a cell by 1 to 3
    private const float NoiseFactor = 4;
    private const float FirstNoise = 2;
    private const int LeastCells = 4; // a person whom a detector can find covers three cells by eight
    private const float WholePicture = 0.7f; // share of changed cells from which it is the light, or the camera was moved
    private const double LevelSeconds = 2; // time constants
    private const double NoiseSeconds = 5;
    private const double NoiseOfChangeSeconds = 20;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private readonly List<Box> _regions = [];
    private readonly Stack<int> _open = [];
    private int _width;
    private int _height;
    private int _cell;
    private int _columns;
    private int _rows;
    private float[] _level = [];
    private float[] _mean = [];
    private float[] _noise = [];
    private bool[] _changed = [];
    private DateTimeOffset _first;
    private DateTimeOffset _last;

    /// <summary>Where something moved in the last picture, in its pixels; the whole picture while the background settles.</summary>
    public IReadOnlyList<Box> Regions => _regions;

    /// <summary>Forgets everything, for the start of another segment.</summary>
    public void Reset() => (_width, _height) = (0, 0);

    /// <summary>Takes a picture in.</summary>
    /// <param name="picture">CV_8UC3, BGR.</param>
    /// <param name="at">Capture time, never before that of the last picture.</param>
    /// <returns>True when something moved, and during the first second and after a change of size.</returns>
    public bool Observe(Mat picture, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(picture);
        bool fresh = picture.Width != _width || picture.Height != _height;
        if (fresh)
        {
            Start(picture.Width, picture.Height, at);
        }

        Sample(picture);
        _regions.Clear();
        if (fresh)
        {
            _level.CopyTo(_mean, 0);
        }

        int changed = Learn((at - _last).TotalSeconds);
        _last = at;
        if (changed > WholePicture * _level.Length)
        {
            _level.CopyTo(_mean, 0);
        }

        bool whole = changed > WholePicture * _level.Length || at - _first < Settling;
        if (whole)
        {
            _regions.Add(new(0, 0, _width, _height));
        }
        else if (changed >= LeastCells)
        {
            FindRegions();
        }

        return _regions.Count > 0;
    }

    private void Start(int width, int height, DateTimeOffset at)
    {
        (_width, _height, _first, _last) = (width, height, at, at);
        _cell = Math.Max(1, (int)Math.Round((double)width / CellsAcross));
        _columns = Math.Max(1, width / _cell);
        _rows = Math.Max(1, height / _cell);
        int cells = _columns * _rows;
        if (_level.Length != cells)
        {
            (_level, _mean, _noise, _changed) = (new float[cells], new float[cells], new float[cells], new bool[cells]);
        }

        Array.Fill(_noise, FirstNoise);
    }

    // The mean of a few pixels of each cell, of green alone: it carries most of the brightness.
    private void Sample(Mat picture)
    {
        using Mat? copy = picture.IsContinuous() ? null : picture.Clone();
        ReadOnlySpan<byte> pixels = (copy ?? picture).AsSpan<byte>();
        int across = Math.Min(_cell, SamplesAcross);
        int down = Math.Min(_cell, SamplesDown);
        for (int row = 0; row < _rows; row++)
        {
            Span<float> levels = _level.AsSpan(row * _columns, _columns);
            levels.Clear();
            for (int sample = 0; sample < down; sample++)
            {
                int y = Math.Min(_height - 1, (row * _cell) + (sample * _cell / down));
                AddLine(pixels.Slice(y * _width * 3, _width * 3), levels, across);
            }

            TensorPrimitives.Divide(levels, across * down, levels);
        }
    }

    private void AddLine(ReadOnlySpan<byte> line, Span<float> levels, int samples)
    {
        int step = _cell / samples * 3;
        for (int column = 0; column < levels.Length; column++)
        {
            int at = (column * _cell * 3) + 1;
            int sum = 0;
            for (int i = 0; i < samples; i++, at += step)
            {
                sum += line[at];
            }

            levels[column] += sum;
        }
    }

    private int Learn(double seconds)
    {
        float level = (float)Math.Min(1, seconds / LevelSeconds);
        float noise = (float)Math.Min(1, seconds / NoiseSeconds);
        float noiseOfChange = (float)Math.Min(1, seconds / NoiseOfChangeSeconds);
        int changed = 0;
        for (int i = 0; i < _level.Length; i++)
        {
            float difference = _level[i] - _mean[i];
            float distance = MathF.Abs(difference);
            bool strays = distance > MathF.Max(LeastChange, NoiseFactor * _noise[i]);
            _changed[i] = strays;
            changed += strays ? 1 : 0;
            _mean[i] += level * difference;
            _noise[i] += (strays ? noiseOfChange : noise) * (distance - _noise[i]);
        }

        return changed;
    }

    private void FindRegions()
    {
        for (int i = 0; i < _changed.Length; i++)
        {
            if (_changed[i] && Flood(i) is { Area: > 0 } region)
            {
                _regions.Add(region);
            }
        }
    }

    // Takes a group of cells that touch, also at corners, away from the changed ones; without area when it is too small to be a person.
    private Box Flood(int start)
    {
        int cells = 0;
        (int left, int top, int right, int bottom) = (int.MaxValue, int.MaxValue, 0, 0);
        _open.Push(start);
        _changed[start] = false;
        while (_open.TryPop(out int at))
        {
            int x = at % _columns;
            int y = at / _columns;
            cells++;
            (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
            for (int ny = Math.Max(0, y - 1); ny <= Math.Min(_rows - 1, y + 1); ny++)
            {
                for (int nx = Math.Max(0, x - 1); nx <= Math.Min(_columns - 1, x + 1); nx++)
                {
                    int next = (ny * _columns) + nx;
                    if (_changed[next])
                    {
                        _changed[next] = false;
                        _open.Push(next);
                    }
                }
            }
        }

        return cells < LeastCells ? default : new(left * _cell, top * _cell, (right - left) * _cell, (bottom - top) * _cell);
    }
}
