namespace Pipeline.Rendering.Clothing;

/// <summary>Makes a person of a look.</summary>
/// <param name="wardrobe">The body and what can be put on it.</param>
internal sealed class Dresser(Wardrobe wardrobe)
{
    /// <summary>Dresses a body. The same look always gives the same person.</summary>
    public Person Dress(Look look)
    {
        SeededRandom random = new(look.Seed);
        Figure figure = new(wardrobe, look.Physique);
        if (look.Upper.Suit is { } suit)
        {
            PutOnSuit(figure, look, suit, random);
        }
        else
        {
            LowerTailor.PutOn(figure, look, random);
            UpperTailor.PutOn(figure, look.Upper, look.Lower.Bottom == Bottom.Dress, random);
        }

        Footwear.PutOn(figure, wardrobe, look, random);
        Headwear.PutOn(figure, wardrobe, look);
        Luggage.PutOn(figure, look, random);
        Piece skin = figure.BareSkin();
        skin.Surface = new SkinSurface(wardrobe.Skin(look.Physique.Skin), look.Physique.SkinTone, look.Upper.HoodUp ? null : look.Hair.Colour) { Shine = .1f };
        figure.Pieces.Add(skin);
        return new Person(look, figure.Joints, [.. figure.Pieces.Select(p => p.Compact())], HeightOf(figure.Vertices));
    }

    private void PutOnSuit(Figure figure, Look look, string suit, SeededRandom random)
    {
        const float TextureShare = .45f;
        Piece piece = figure.Fit(suit, covers: true);
        Texture texture = wardrobe[suit].Texture;
        piece.Surface = new ClothSurface(look.Upper.Fabric, texture, TextureShare) { Folds = look.Upper.Folds * .5f };
        piece.SecondSurface = suit == "female_elegantsuit01"
            ? null // a dress
            : new ClothSurface(look.Lower.Fabric, texture, TextureShare) { Folds = look.Lower.Folds * .5f };
        piece.SecondFrom = random.Uniform(-.08f, .03f);
        piece.TwoSided = true;
        figure.Pieces.Add(piece);
    }

    private static float HeightOf(Vector3[] vertices)
    {
        (float low, float high) = (float.MaxValue, float.MinValue);
        foreach (Vector3 vertex in vertices.AsSpan(0, BodyModel.BodyVertices))
        {
            low = MathF.Min(low, vertex.Y);
            high = MathF.Max(high, vertex.Y);
        }

        return high - low;
    }
}
