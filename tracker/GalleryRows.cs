using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>Unit vectors in blocks of memory, each with the identity that owns it and the camera that it is from. Rows that are free are used again first.</summary>
internal sealed class GalleryRows
{
    private const int RowsPerBlock = 1024;
    private const int RowsPerTile = 32; // of 512 floats: a tile stays in the first cache while all queries pass over it

    private readonly List<float[]> _blocks = [];
    private readonly List<int> _free = [];
    private readonly OrderedDictionary<string, int> _cameras = []; // numbers rise in the order in which they came
    private int[] _owner = [];
    private int[] _camera = [];
    private int _dimension;
    private int _count;

    /// <summary>Rows in use.</summary>
    internal int Used => _count - _free.Count;

    /// <summary>A row.</summary>
    internal ReadOnlySpan<float> this[int row] => _blocks[row / RowsPerBlock].AsSpan(row % RowsPerBlock * _dimension, _dimension);

    /// <summary>Stores a vector. The first one sets the length of all.</summary>
    /// <returns>Its row.</returns>
    internal int Add(ReadOnlySpan<float> feature, int owner, string camera)
    {
        _dimension = _dimension == 0 ? feature.Length : _dimension;
        int row = _free.Count > 0 ? _free[^1] : Append();
        Checked(feature).CopyTo(_blocks[row / RowsPerBlock].AsSpan(row % RowsPerBlock * _dimension));
        if (_free.Count > 0)
        {
            _free.RemoveAt(_free.Count - 1);
        }

        (_owner[row], _camera[row]) = (owner, NumberOf(camera));
        return row;
    }

    /// <summary>Gives a row to another identity.</summary>
    internal void Give(int row, int owner) => _owner[row] = owner;

    /// <summary>Lets go of a row.</summary>
    internal void Free(int row)
    {
        _owner[row] = -1;
        _free.Add(row);
    }

    /// <summary>Follows a change of the identities' numbers.</summary>
    /// <param name="numbers">New number by old number; -1 for those that went.</param>
    internal void Renumber(int[] numbers)
    {
        for (int row = 0; row < _count; row++)
        {
            _owner[row] = _owner[row] < 0 ? -1 : numbers[_owner[row]];
        }
    }

    /// <summary>For each query and each owner the largest cosine, less what its pair of cameras is asked for above the threshold, if it is larger than what is there.</summary>
    internal void Compare(IReadOnlyList<float[]> queries, IReadOnlyList<string> cameras, AcceptLevels levels, IReadOnlyList<float[]> worth)
    {
        float[][] besides = [.. cameras.Select(camera => _cameras.Keys.Select(from => levels.Of(camera, from) - levels.Threshold).ToArray())];
        for (int tile = 0; tile < _count; tile += RowsPerTile)
        {
            int end = Math.Min(tile + RowsPerTile, _count);
            ReadOnlySpan<float> block = _blocks[tile / RowsPerBlock];
            for (int query = 0; query < queries.Count; query++)
            {
                ReadOnlySpan<float> feature = Checked(queries[query]);
                float[] best = worth[query];
                float[] besidesOf = besides[query];
                for (int row = tile; row < end; row++)
                {
                    int owner = _owner[row];
                    if (owner >= 0)
                    {
                        float value = CosineSearch.Dot(block.Slice(row % RowsPerBlock * _dimension, _dimension), feature) - besidesOf[_camera[row]];
                        best[owner] = value > best[owner] ? value : best[owner];
                    }
                }
            }
        }
    }

    /// <summary>A vector that can be compared with these.</summary>
    /// <exception cref="ArgumentException">It has another length.</exception>
    internal ReadOnlySpan<float> Checked(ReadOnlySpan<float> feature) => feature.Length == _dimension || _count == 0
        ? feature
        : throw new ArgumentException($"features of length {_dimension} are needed, got {feature.Length}: they are of another model", nameof(feature));

    private int Append()
    {
        if (_count % RowsPerBlock == 0)
        {
            _blocks.Add(new float[RowsPerBlock * _dimension]);
            if (_count + RowsPerBlock > _owner.Length)
            {
                int size = Math.Max(_count + RowsPerBlock, 2 * _owner.Length);
                Array.Resize(ref _owner, size);
                Array.Resize(ref _camera, size);
            }
        }

        return _count++;
    }

    private int NumberOf(string camera)
    {
        if (!_cameras.TryGetValue(camera, out int number))
        {
            _cameras[camera] = number = _cameras.Count;
        }

        return number;
    }
}
