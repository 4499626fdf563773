namespace Pipeline.Rendering.Clothing;

/// <summary>Shirts, pullovers, jackets: the body's close suit, blown up and cut to sleeves, hem and neckline.</summary>
internal static class UpperTailor
{
    /// <summary>Puts the garment on.</summary>
    public static void PutOn(Figure figure, UpperWear wear, bool dress, SeededRandom random)
    {
        float shift = random.Uniform(0, 99), hem = wear.Coat || dress ? -.02f : wear.HemDrop;
        Vector3 collar = figure.Joint("neck01") + new Vector3(0, .25f, .35f);
        Piece piece = figure.Shell(figure.Body.Tights);
        piece.Inflate(i => Distance(piece, i, wear) * (.75f + (.5f * NoiseField.Broad.Smooth((piece.Around[i] * 8) + shift, (piece.Along[i] * 6) + 40))));
        piece.Cover = new float[piece.Count];
        for (int i = 0; i < piece.Count; i++)
        {
            piece.Cover[i] = piece.Arm[i] >= 0
                ? ClothMap.ArmLength * (wear.SleeveLength - piece.Arm[i])
                : MathF.Min(ClothMap.LegLength * (hem - piece.Drop[i]), (figure.Vertices[piece.Source[i]] - collar).Length() - wear.Neckline);
        }

        piece.Surface = new ClothSurface(wear.Fabric) { Folds = wear.Folds };
        piece.TwoSided = true;
        figure.Pieces.Add(piece.ComputeNormals());
        CoverSkin(figure, wear, hem, collar);
    }

    private static float Distance(Piece piece, int i, UpperWear wear)
    {
        float arm = piece.Arm[i];
        return arm >= 0
            ? MathF.Max(.06f, wear.Looseness * .5f * (1 - (.2f * arm)))
            : wear.Looseness * (.55f + (.45f * Math.Clamp((piece.Drop[i] + .6f) * 2, 0, 1))); // wider towards the hem
    }

    private static void CoverSkin(Figure figure, UpperWear wear, float hem, Vector3 collar)
    {
        ClothMap map = figure.Body.Cloth;
        float neck = figure.Joint("neck01").Y, low = MathF.Max(hem, -.05f) - .03f;
        figure.CoverWhere(i => map.Arm[i] >= 0
            ? map.Arm[i] < wear.SleeveLength - .06f
            : map.Drop[i] < low && figure.Vertices[i].Y < neck && (figure.Vertices[i] - collar).Length() > wear.Neckline + .3f);
    }
}
