namespace Pipeline.Rendering.Clothing;

/// <summary>Shoes, and the shafts of boots.</summary>
internal static class Footwear
{
    private const float FootDrop = 1;

    /// <summary>Puts them on.</summary>
    public static void PutOn(Figure figure, Wardrobe wardrobe, Look look, SeededRandom random)
    {
        LowerWear wear = look.Lower;
        Piece shoes = figure.Fit(wear.Shoes, covers: true);
        shoes.Surface = new TexturedSurface(wardrobe[wear.Shoes].Texture, wear.ShoeColour, .6f) { Shine = .2f };
        figure.Pieces.Add(shoes);
        ClothMap map = figure.Body.Cloth;
        figure.CoverWhere(i => map.Drop[i] > FootDrop);
        if (wear.Boots)
        {
            Shafts(figure, wear, random.Uniform(.62f, .88f));
        }
    }

    private static void Shafts(Figure figure, LowerWear wear, float top)
    {
        Piece piece = figure.Shell(figure.Body.Tights);
        float over = wear.Bottom < Bottom.Skirt && wear.Looseness > .12f ? wear.Looseness : 0; // loose trousers go into the boots
        piece.Inflate(_ => .12f + over);
        piece.Cover = new float[piece.Count];
        for (int i = 0; i < piece.Count; i++)
        {
            piece.Cover[i] = piece.Arm[i] >= 0 ? -1 : ClothMap.LegLength * (piece.Drop[i] - top);
        }

        piece.Surface = new PlainSurface(wear.ShoeColour) { Shine = .3f };
        piece.TwoSided = true;
        figure.Pieces.Add(piece.ComputeNormals());
    }
}
