namespace Pipeline.Rendering.Raster;

/// <summary>The people of one picture, posed and placed in the world: all vertices in a row, and which piece they belong to.</summary>
/// <param name="skeleton">The skeleton of all bodies.</param>
internal sealed class Stage(Skeleton skeleton)
{
    private readonly PoseSolver _solver = new(skeleton);
    private readonly Vector3[] _axisX = new Vector3[skeleton.Count];
    private readonly Vector3[] _axisY = new Vector3[skeleton.Count];
    private readonly Vector3[] _axisZ = new Vector3[skeleton.Count];
    private readonly Vector3[] _move = new Vector3[skeleton.Count];
    private readonly List<Actor> _actors = [];
    private Vector3[] _points = new Vector3[1 << 16];
    private Vector3[] _normals = new Vector3[1 << 16];
    private float[] _openness = new float[1 << 16];
    private int _count;

    /// <summary>Pieces in the picture.</summary>
    public IReadOnlyList<Actor> Actors => _actors;

    /// <summary>Vertices in the world.</summary>
    public ReadOnlySpan<Vector3> Points => _points.AsSpan(0, _count);

    /// <summary>Their normals.</summary>
    public ReadOnlySpan<Vector3> Normals => _normals.AsSpan(0, _count);

    /// <summary>Openness to the sky at each vertex.</summary>
    public ReadOnlySpan<float> Openness => _openness.AsSpan(0, _count);

    /// <summary>Empties the stage.</summary>
    public void Clear()
    {
        _actors.Clear();
        _count = 0;
    }

    /// <summary>Poses a person and puts them on the ground.</summary>
    /// <param name="person">Who.</param>
    /// <param name="pose">How.</param>
    /// <param name="at">Where on the ground.</param>
    /// <param name="yaw">Turned so far about the vertical.</param>
    /// <param name="isSubject">The picture is of this person.</param>
    public void Enter(Person person, Pose pose, Vector3 at, float yaw, bool isSubject)
    {
        _solver.Solve(person.Joints, pose);
        Quaternion facing = Quaternion.CreateFromAxisAngle(Vector3.UnitY, yaw);
        SetMatrices(person.Joints, facing);
        int first = _count;
        float low = float.MaxValue;
        foreach (Piece piece in person.Pieces)
        {
            Reserve(piece.Count);
            _actors.Add(new Actor(piece, _count, isSubject));
            if (piece.HangsFrom is { } from)
            {
                Hang(piece, from, facing);
                continue;
            }

            Skin(piece);
            low = piece.IsShoe ? MathF.Min(low, Lowest(_count - piece.Count)) : low;
        }

        Vector3 move = at - new Vector3(0, low < float.MaxValue ? low : Lowest(first), 0);
        for (int i = first; i < _count; i++)
        {
            _points[i] += move;
        }
    }

    /// <summary>Where the subject is on the image plane (x, y of its corner and its far corner); bags that hang do not count.</summary>
    public (Vector2 Low, Vector2 High) Bounds(in View view)
    {
        (Vector2 low, Vector2 high) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (Actor actor in _actors)
        {
            if (!actor.IsSubject || actor.Piece.HangsFrom is not null)
            {
                continue;
            }

            for (int i = actor.Offset; i < actor.Offset + actor.Piece.Count; i += 2)
            {
                Vector3 at = view.Project(_points[i]);
                low = Vector2.Min(low, new Vector2(at.X, at.Y));
                high = Vector2.Max(high, new Vector2(at.X, at.Y));
            }
        }

        return (low, high);
    }

    /// <summary>Lets everybody throw shadow, then asks how open to the sky each vertex is.</summary>
    public void CastShadows(ShadowMaps shadows)
    {
        for (int i = 0; i < _count; i++)
        {
            shadows.Add(_points[i]);
        }

        for (int i = 0; i < _count; i++)
        {
            _openness[i] = shadows.Sky(_points[i] + (_normals[i] * .3f), .7f);
        }
    }

    private void SetMatrices(Vector3[] joints, Quaternion facing)
    {
        for (int b = 0; b < skeleton.Count; b++)
        {
            Quaternion turn = facing * _solver.Turns[b];
            _axisX[b] = Vector3.Transform(Vector3.UnitX, turn);
            _axisY[b] = Vector3.Transform(Vector3.UnitY, turn);
            _axisZ[b] = Vector3.Transform(Vector3.UnitZ, turn);
            _move[b] = Vector3.Transform(_solver.Places[b], facing) - Vector3.Transform(joints[b], turn);
        }
    }

    private void Hang(Piece piece, Vector3 from, Quaternion facing)
    {
        int b = piece.Joints[0];
        Vector3 origin = (_axisX[b] * from.X) + (_axisY[b] * from.Y) + (_axisZ[b] * from.Z) + _move[b];
        for (int i = 0; i < piece.Count; i++)
        {
            _points[_count] = origin + Vector3.Transform(piece.Positions[i], facing);
            _normals[_count++] = Vector3.Transform(piece.Normals[i], facing);
        }
    }

    // Linear blend skinning with four joints a vertex.
    private void Skin(Piece piece)
    {
        ReadOnlySpan<byte> joints = piece.Joints;
        ReadOnlySpan<float> weights = piece.Weights;
        for (int i = 0; i < piece.Count; i++)
        {
            Vector3 rest = piece.Positions[i], restNormal = piece.Normals[i], point = default, normal = default;
            for (int k = 4 * i; k < (4 * i) + 4; k++)
            {
                float weight = weights[k];
                if (weight > 0)
                {
                    int b = joints[k];
                    Vector3 x = _axisX[b], y = _axisY[b], z = _axisZ[b];
                    point += ((x * rest.X) + (y * rest.Y) + (z * rest.Z) + _move[b]) * weight;
                    normal += ((x * restNormal.X) + (y * restNormal.Y) + (z * restNormal.Z)) * weight;
                }
            }

            _points[_count] = point;
            _normals[_count++] = normal;
        }
    }

    private float Lowest(int from)
    {
        float low = float.MaxValue;
        for (int i = from; i < _count; i++)
        {
            low = MathF.Min(low, _points[i].Y);
        }

        return low;
    }

    private void Reserve(int more)
    {
        while (_count + more > _points.Length)
        {
            Array.Resize(ref _points, 2 * _points.Length);
            Array.Resize(ref _normals, 2 * _normals.Length);
            Array.Resize(ref _openness, 2 * _openness.Length);
        }
    }

    /// <summary>A piece on the stage.</summary>
    /// <param name="Piece">The piece.</param>
    /// <param name="Offset">Number of its first vertex.</param>
    /// <param name="IsSubject">Belongs to the person the picture is of.</param>
    internal readonly record struct Actor(Piece Piece, int Offset, bool IsSubject);
}
