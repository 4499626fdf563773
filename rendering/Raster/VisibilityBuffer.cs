namespace Pipeline.Rendering.Raster;

/// <summary>
/// For each sample the nearest triangle and where on it: the surface is shaded afterwards, once for what is seen. Buffers grow to the
/// largest picture and stay.
/// </summary>
internal sealed class VisibilityBuffer
{
    private const short Empty = -1;
    private float[] _inverseDepth = [];
    private float[] _first = [];
    private float[] _second = [];
    private short[] _actors = [];
    private int[] _triangles = [];
    private Vector3[] _screen = [];

    /// <summary>Samples a row.</summary>
    public int Width { get; private set; }

    /// <summary>Rows.</summary>
    public int Height { get; private set; }

    /// <summary>True where a person is.</summary>
    public bool IsCovered(int sample) => _actors[sample] != Empty;

    /// <summary>Number of the actor at a sample, -1 for none.</summary>
    public int Actor(int sample) => _actors[sample];

    /// <summary>First index of the triangle at a sample, and the weights of its first two corners.</summary>
    public (int Triangle, float First, float Second) Hit(int sample) => (_triangles[sample], _first[sample], _second[sample]);

    /// <summary>One over the depth of what is at a covered sample.</summary>
    public float InverseDepth(int sample) => _inverseDepth[sample];

    /// <summary>Takes away what is at a sample.</summary>
    public void Erase(int sample) => _actors[sample] = Empty;

    /// <summary>Draws the stage in a picture of so many samples.</summary>
    public void Draw(Stage stage, in View view, int width, int height)
    {
        Begin(width, height, stage.Points.Length);
        ReadOnlySpan<Vector3> points = stage.Points;
        for (int i = 0; i < points.Length; i++)
        {
            Vector3 at = view.Project(points[i]);
            _screen[i] = at with { Z = 1 / at.Z };
        }

        for (int a = 0; a < stage.Actors.Count; a++)
        {
            DrawPiece(stage.Actors[a].Piece, stage.Actors[a].Offset, (short)a);
        }
    }

    private void Begin(int width, int height, int points)
    {
        (Width, Height) = (width, height);
        if (_actors.Length < width * height)
        {
            int count = width * height;
            (_inverseDepth, _first, _second, _actors, _triangles) = (new float[count], new float[count], new float[count], new short[count], new int[count]);
        }

        if (_screen.Length < points)
        {
            _screen = new Vector3[points * 3 / 2];
        }

        Array.Clear(_inverseDepth, 0, width * height);
        Array.Fill(_actors, Empty, 0, width * height);
    }

    private void DrawPiece(Piece piece, int offset, short actor)
    {
        ReadOnlySpan<int> triangles = piece.Triangles;
        ReadOnlySpan<Vector3> screen = _screen.AsSpan(offset, piece.Count);
        for (int t = 0; t < triangles.Length; t += 3)
        {
            Vector3 a = screen[triangles[t]], b = screen[triangles[t + 1]], c = screen[triangles[t + 2]];
            float area = ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
            if (area == 0 || (area > 0 && !piece.TwoSided))
            {
                continue;
            }

            int left = Math.Max(0, (int)MathF.Ceiling(MathF.Min(a.X, MathF.Min(b.X, c.X)) - .5f));
            int right = Math.Min(Width - 1, (int)MathF.Floor(MathF.Max(a.X, MathF.Max(b.X, c.X)) - .5f));
            int top = Math.Max(0, (int)MathF.Ceiling(MathF.Min(a.Y, MathF.Min(b.Y, c.Y)) - .5f));
            int bottom = Math.Min(Height - 1, (int)MathF.Floor(MathF.Max(a.Y, MathF.Max(b.Y, c.Y)) - .5f));
            if (left <= right && top <= bottom)
            {
                Fill(piece, t, actor, new Corners(a, b, c, 1 / area), left, right, top, bottom);
            }
        }
    }

    private void Fill(Piece piece, int t, short actor, in Corners at, int left, int right, int top, int bottom)
    {
        int ia = piece.Triangles[t], ib = piece.Triangles[t + 1], ic = piece.Triangles[t + 2];
        float coverA = 1, coverB = 1, coverC = 1;
        if (piece.Cover is { } cover)
        {
            (coverA, coverB, coverC) = (cover[ia], cover[ib], cover[ic]);
        }

        Vector3 a = at.A, b = at.B, c = at.C;
        bool cut = coverA <= 0 || coverB <= 0 || coverC <= 0, holes = piece.AlphaTest;
        float stepA = (b.Y - c.Y) * at.InverseArea, stepB = (c.Y - a.Y) * at.InverseArea;
        for (int y = top; y <= bottom; y++)
        {
            float py = y + .5f, px = left + .5f;
            float wa = (((px - b.X) * (b.Y - c.Y)) + ((py - b.Y) * (c.X - b.X))) * at.InverseArea;
            float wb = (((px - c.X) * (c.Y - a.Y)) + ((py - c.Y) * (a.X - c.X))) * at.InverseArea;
            int row = y * Width;
            for (int k = row + left; k <= row + right; k++, wa += stepA, wb += stepB)
            {
                float wc = 1 - wa - wb;
                if (wa < 0 || wb < 0 || wc < 0)
                {
                    continue;
                }

                float near = (wa * a.Z) + (wb * b.Z) + (wc * c.Z);
                if (near <= _inverseDepth[k] || (cut && (coverA * wa) + (coverB * wb) + (coverC * wc) <= 0)
                    || (holes && piece.Surface.IsHole((piece.Texture[ia] * wa) + (piece.Texture[ib] * wb) + (piece.Texture[ic] * wc))))
                {
                    continue;
                }

                _inverseDepth[k] = near;
                _first[k] = wa;
                _second[k] = wb;
                _actors[k] = actor;
                _triangles[k] = t;
            }
        }
    }

    private readonly record struct Corners(Vector3 A, Vector3 B, Vector3 C, float InverseArea);
}
