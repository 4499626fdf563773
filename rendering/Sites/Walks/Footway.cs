namespace Pipeline.Rendering.Sites.Walks;

/// <summary>A line that somebody walks along, with its corners rounded.</summary>
internal sealed class Footway
{
    private const float Rounding = 5;
    private readonly Vector2[] _points;
    private readonly float[] _distances;

    /// <summary>Takes its points, one or more.</summary>
    public Footway(IEnumerable<Vector2> points)
    {
        _points = [.. points];
        _distances = new float[_points.Length];
        for (int i = 1; i < _points.Length; i++)
        {
            _distances[i] = _distances[i - 1] + Vector2.Distance(_points[i - 1], _points[i]);
        }
    }

    /// <summary>Decimetres from end to end.</summary>
    public float Length => _distances[^1];

    /// <summary>Where one is after so many decimetres.</summary>
    public Vector2 At(float distance) => (Point(distance - Rounding) + Point(distance) + Point(distance + Rounding)) / 3;

    /// <summary>Unit vector ahead; of a way without length, along z.</summary>
    public Vector2 Ahead(float distance)
    {
        Vector2 ahead = Point(distance + Rounding) - Point(distance - Rounding);
        return ahead.LengthSquared() > 1e-6f ? Vector2.Normalize(ahead) : Vector2.UnitY;
    }

    private Vector2 Point(float distance)
    {
        if (distance <= 0 || _points.Length == 1)
        {
            return _points[0];
        }

        if (distance >= Length)
        {
            return _points[^1];
        }

        int i = Array.BinarySearch(_distances, distance);
        i = i >= 0 ? i : ~i;
        return Vector2.Lerp(_points[i - 1], _points[i], (distance - _distances[i - 1]) / (_distances[i] - _distances[i - 1]));
    }
}
