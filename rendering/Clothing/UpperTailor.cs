namespace Pipeline.Rendering.Clothing;

/// <summary>Shirts, pullovers, jackets: the body's close suit, blown up, hung from the shoulders and cut to sleeves, hem and neckline.</summary>
internal static class UpperTailor
{
    private const float ShoulderDrop = -.62f;

    /// <summary>Puts the garment on, and the jacket over it.</summary>
    public static void PutOn(Figure figure, UpperWear wear, bool dress, SeededRandom random)
    {
        float hem = wear.Coat || dress ? -.02f : wear.HemDrop;
        Vector3 collar = figure.Joint("neck01") + new Vector3(0, .25f, .35f);
        Layer shirt = new(wear.Fabric, wear.Looseness, wear.Taper, wear.SleeveLength, hem, wear.Neckline, wear.Folds, 0, 0);
        figure.Pieces.Add(Cut(figure, shirt, collar, random));
        CoverSkin(figure, shirt, collar);
        if (wear.Jacket is { } jacket)
        {
            Layer over = new(
                jacket.Fabric, wear.Looseness + jacket.Looseness, jacket.Taper, jacket.SleeveLength, jacket.HemDrop, wear.Neckline * 1.05f, jacket.Folds,
                jacket.Opening, wear.Looseness);
            figure.Pieces.Add(Cut(figure, over, collar, random));
        }
    }

    private static Piece Cut(Figure figure, Layer layer, Vector3 collar, SeededRandom random)
    {
        float shift = random.Uniform(0, 99);
        Piece piece = figure.Shell(figure.Body.Tights);
        piece.Inflate(i => Distance(piece, i, layer) * (.75f + (.5f * NoiseField.Broad.Smooth((piece.Around[i] * 8) + shift, (piece.Along[i] * 6) + 40))));
        HangTrunk(figure, piece, layer.Taper);
        foreach (string side in (ReadOnlySpan<string>)[".L", ".R"])
        {
            HangSleeve(figure, piece, side, layer.Taper);
        }

        piece.Cover = new float[piece.Count];
        for (int i = 0; i < piece.Count; i++)
        {
            float trunk = MathF.Min(ClothMap.LegLength * (layer.HemDrop - piece.Drop[i]), (figure.Vertices[piece.Source[i]] - collar).Length() - layer.Neckline);
            float open = layer.Opening > 0 ? MathF.Abs(piece.Around[i]) - (layer.Opening * (1.25f - (.09f * piece.Along[i]))) : 9;
            piece.Cover[i] = piece.Arm[i] >= 0 ? ClothMap.ArmLength * (layer.SleeveLength - piece.Arm[i]) : MathF.Min(trunk, open);
        }

        piece.Surface = new ClothSurface(layer.Fabric) { Folds = layer.Folds };
        piece.TwoSided = true;
        return piece.ComputeNormals();
    }

    private static float Distance(Piece piece, int i, Layer layer)
    {
        float arm = piece.Arm[i];
        return arm >= 0
            ? MathF.Max(.06f, (layer.Looseness * .5f * (1 - (.2f * arm))) + (layer.Beneath * .3f))
            : layer.Looseness * (.55f + (.45f * Math.Clamp((piece.Drop[i] + .6f) * 2, 0, 1))); // wider towards the hem
    }

    private static void HangTrunk(Figure figure, Piece piece, float taper)
    {
        Drape drape = new(taper);
        Vector3 neck = figure.Joint("neck01"), hips = (figure.Joint("upperleg01.L") + figure.Joint("upperleg01.R")) / 2;
        for (int i = 0; i < piece.Count; i++)
        {
            if (piece.Arm[i] < 0 && piece.Drop[i] is > ShoulderDrop and < .2f)
            {
                float share = (neck.Y - piece.Positions[i].Y) / (neck.Y - hips.Y);
                Vector3 centre = Vector3.Lerp(neck, hips, share) with { Y = piece.Positions[i].Y };
                drape.Add(i, piece.Positions[i], centre, piece.Around[i] / ClothMap.TrunkPeriod, (piece.Drop[i] - ShoulderDrop) * ClothMap.LegLength);
            }
        }

        drape.Hang(piece.Positions);
    }

    private static void HangSleeve(Figure figure, Piece piece, string side, float taper)
    {
        Drape drape = new(.1f + (taper * .5f));
        bool left = side == ".L";
        Vector3 shoulder = figure.Joint("upperarm01" + side), elbow = figure.Joint("lowerarm01" + side), wrist = figure.Joint("wrist" + side);
        for (int i = 0; i < piece.Count; i++)
        {
            float arm = piece.Arm[i];
            if (arm is > .08f and < 1.1f && piece.Rest[i].X > 0 == left)
            {
                Vector3 centre = arm < .5f ? Vector3.Lerp(shoulder, elbow, arm * 2) : Vector3.Lerp(elbow, wrist, (arm * 2) - 1);
                drape.Add(i, piece.Positions[i], centre, piece.Around[i] / piece.Period[i], arm * ClothMap.ArmLength);
            }
        }

        drape.Hang(piece.Positions);
    }

    private static void CoverSkin(Figure figure, Layer layer, Vector3 collar)
    {
        ClothMap map = figure.Body.Cloth;
        float neck = figure.Joint("neck01").Y, low = MathF.Max(layer.HemDrop, -.05f) - .03f;
        figure.CoverWhere(i => map.Arm[i] >= 0
            ? map.Arm[i] < layer.SleeveLength - .06f
            : map.Drop[i] < low && figure.Vertices[i].Y < neck && (figure.Vertices[i] - collar).Length() > layer.Neckline + .3f);
    }

    private readonly record struct Layer(
        Fabric Fabric, float Looseness, float Taper, float SleeveLength, float HemDrop, float Neckline, float Folds, float Opening, float Beneath);
}
