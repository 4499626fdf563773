namespace Pipeline.Rendering.Clothing;

/// <summary>Trousers, shorts, tights, skirts, and the lower part of dresses and coats.</summary>
internal static class LowerTailor
{
    private const float WaistDrop = -.14f;

    /// <summary>Puts on what the legs are in.</summary>
    public static void PutOn(Figure figure, Look look, SeededRandom random)
    {
        LowerWear wear = look.Lower;
        ClothSurface cloth = new(wear.Fabric) { Folds = wear.Folds };
        if (wear.Bottom <= Bottom.Shorts)
        {
            Legs(figure, wear.LegLength, wear.Looseness, wear.Flare, wear.Taper, cloth, random);
        }
        else if (wear.Tights is { } tights)
        {
            Legs(figure, 1.1f, .02f, 0, 9, new PlainSurface(tights), random);
        }

        if (look.Upper.Coat)
        {
            Skirt(figure, look.Upper.HemDrop, .62f, .08f + (look.Upper.Looseness * .5f), new ClothSurface(look.Upper.Fabric) { Folds = look.Upper.Folds }, random);
        }
        else if (wear.Bottom >= Bottom.Skirt)
        {
            Fabric fabric = wear.Bottom == Bottom.Dress ? look.Upper.Fabric : wear.Fabric;
            Skirt(figure, wear.SkirtLength, wear.SkirtWidth, .08f, new ClothSurface(fabric) { Folds = wear.Folds }, random);
        }
    }

    private static void Legs(Figure figure, float length, float looseness, float flare, float taper, Surface surface, SeededRandom random)
    {
        float shift = random.Uniform(0, 99);
        Piece piece = figure.Shell(figure.Body.Tights);
        piece.Inflate(i =>
            (looseness * (.7f + (.6f * NoiseField.Broad.Smooth((piece.Around[i] * 9) + shift, piece.Along[i] * 6)))) + (flare * MathF.Max(0, piece.Drop[i] - .3f)));
        HangLeg(figure, piece, ".L", taper);
        HangLeg(figure, piece, ".R", taper);
        piece.Cover = new float[piece.Count];
        for (int i = 0; i < piece.Count; i++)
        {
            piece.Cover[i] = piece.Arm[i] >= 0 ? -1 : ClothMap.LegLength * MathF.Min(piece.Drop[i] - WaistDrop, length - piece.Drop[i]);
        }

        piece.Surface = surface;
        piece.TwoSided = true;
        figure.Pieces.Add(piece.ComputeNormals());
        ClothMap map = figure.Body.Cloth;
        figure.CoverWhere(i => map.Arm[i] < 0 && map.Drop[i] > WaistDrop + .04f && map.Drop[i] < length - .05f);
    }

    private static void HangLeg(Figure figure, Piece piece, string side, float taper)
    {
        const float From = .08f;
        Drape drape = new(taper);
        bool left = side == ".L";
        Vector3 hip = figure.Joint("upperleg01" + side), knee = figure.Joint("lowerleg01" + side), ankle = figure.Joint("foot" + side);
        float kneeDrop = (hip.Y - knee.Y) / (hip.Y - ankle.Y);
        for (int i = 0; i < piece.Count; i++)
        {
            float drop = piece.Drop[i];
            if (piece.Arm[i] < 0 && drop is > From and < 1.05f && piece.Rest[i].X > 0 == left)
            {
                Vector3 centre = drop < kneeDrop ? Vector3.Lerp(hip, knee, drop / kneeDrop) : Vector3.Lerp(knee, ankle, (drop - kneeDrop) / (1 - kneeDrop));
                Vector3 at = piece.Positions[i], away = at - centre;
                drape.Add(i, at, centre with { Y = at.Y }, MathF.Atan2(away.X, away.Z) / MathF.Tau, (drop - From) * ClothMap.LegLength);
            }
        }

        drape.Hang(piece.Positions);
    }

    private static void Skirt(Figure figure, float length, float width, float distance, Surface surface, SeededRandom random)
    {
        const float LeastRadius = 1.9f;
        float shift = random.Uniform(0, 99), hip = figure.Joint("upperleg01.L").Y, depth = (figure.Joint("upperleg01.L").Z + figure.Joint("upperleg01.R").Z) / 2;
        Piece piece = figure.Shell(figure.Body.Skirt);
        for (int i = 0; i < piece.Count; i++)
        {
            // The helper skirt is wide: it is drawn in towards the legs below the hips, and waved.
            Vector3 at = piece.Positions[i];
            float below = hip - at.Y, x = at.X, z = at.Z - depth, radius = MathF.Sqrt((x * x) + (z * z * 1.6f));
            float drawn = below > 0 ? width + ((1 - width) * MathF.Max(0, 1 - (below / 1.2f))) : 1;
            drawn = MathF.Max(drawn, MathF.Min(1, LeastRadius / MathF.Max(.1f, radius)));
            float wave = 1 + (.06f * MathF.Sin((MathF.Atan2(at.X, at.Z) * 9) + shift) * Math.Clamp(below * .3f, 0, 1.2f));
            piece.Positions[i] = new Vector3(x * drawn * wave, at.Y, depth + (z * drawn * wave));
        }

        piece.ComputeNormals();
        piece.Inflate(_ => distance);
        piece.Cover = new float[piece.Count];
        for (int i = 0; i < piece.Count; i++)
        {
            piece.Cover[i] = ClothMap.LegLength * (length - piece.Drop[i]);
        }

        piece.Surface = surface;
        piece.TwoSided = true;
        figure.Pieces.Add(piece.ComputeNormals());
    }
}
