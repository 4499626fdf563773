namespace Pipeline.Rendering.Clothing;

/// <summary>Hair, hoods, scarves, hats, masks and glasses.</summary>
internal static class Headwear
{
    private const float HeadFrom = 7.3f;

    /// <summary>Puts them on.</summary>
    public static void PutOn(Figure figure, Wardrobe wardrobe, Look look)
    {
        (Vector3 low, Vector3 high) = HeadBox(figure);
        Vector3 middle = (low + high) / 2, half = (high - low) / 2;
        int head = figure.Number("head");
        UpperWear upper = look.Upper;
        if (look.Hair.Mesh is { } mesh && !upper.HoodUp)
        {
            Piece hair = figure.Fit(mesh, covers: false);
            hair.Surface = new HairSurface(wardrobe[mesh].Texture, look.Hair.Colour) { Shine = .25f };
            hair.TwoSided = true;
            hair.AlphaTest = true;
            figure.Pieces.Add(hair);
        }

        if (upper.Hood)
        {
            ClothSurface cloth = new(upper.Fabric) { Folds = upper.Folds };
            figure.Pieces.Add(upper.HoodUp
                ? Solids.Ellipsoid(middle + new Vector3(0, -.25f, -.25f), half + new Vector3(.35f, .75f, .2f), head, cloth, .9f)
                : Solids.Ellipsoid(figure.Joint("neck01") + new Vector3(0, .1f, -.75f), new Vector3(1.05f, .75f, .5f), figure.Number("spine01"), cloth, .8f));
        }

        if (upper.Scarf is { } scarf)
        {
            PlainSurface wool = new(scarf) { Folds = .8f };
            figure.Pieces.Add(Solids.Ellipsoid(figure.Joint("neck01") + new Vector3(0, .25f, .35f), new Vector3(.95f, .45f, .95f), figure.Number("neck01"), wool, .9f));
        }

        if (!upper.HoodUp)
        {
            PutOnHat(figure, look.Accessories, middle, half, head);
        }

        if (look.Accessories.Mask is { } mask)
        {
            figure.Pieces.Add(Solids.Ellipsoid(new Vector3(0, low.Y - .35f, high.Z - .45f), new Vector3(.5f, .42f, .5f), head, new PlainSurface(mask), .8f));
        }

        if (look.Accessories.Glasses)
        {
            PlainSurface black = new(new Vector3(.02f));
            figure.Pieces.Add(Solids.Ellipsoid(new Vector3(0, low.Y, high.Z - .36f), new Vector3(.5f, .09f, .14f), head, black, .5f));
        }
    }

    private static void PutOnHat(Figure figure, Accessories wear, Vector3 middle, Vector3 half, int head)
    {
        PlainSurface felt = new(wear.HatColour) { Folds = .2f };
        if (wear.Hat == Hat.Fedora)
        {
            Piece fedora = figure.Fit(AssetList.Fedora, covers: false);
            fedora.Surface = felt;
            figure.Pieces.Add(fedora);
        }
        else if (wear.Hat != Hat.None)
        {
            bool beanie = wear.Hat == Hat.Beanie;
            figure.Pieces.Add(Solids.Ellipsoid(
                middle + new Vector3(0, .25f, beanie ? -.1f : 0), new Vector3(half.X + .22f, (half.Y * .75f) + (beanie ? .4f : .25f), half.Z + .2f), head, felt, .9f));
            if (wear.Hat == Hat.Cap)
            {
                figure.Pieces.Add(Solids.Ellipsoid(middle + new Vector3(0, .1f, half.Z + .35f), new Vector3(half.X * .85f, .08f, .8f), head, felt, 1));
            }
            else if (wear.Hat == Hat.Brim)
            {
                figure.Pieces.Add(Solids.Ellipsoid(middle + new Vector3(0, .1f, 0), new Vector3(half.X + .8f, .1f, half.Z + .8f), head, felt, 1));
            }
        }
    }

    private static (Vector3 Low, Vector3 High) HeadBox(Figure figure)
    {
        (Vector3 low, Vector3 high) = (new Vector3(99), new Vector3(-99));
        for (int i = 0; i < BodyModel.BodyVertices; i++)
        {
            if (figure.Body.Mesh.Vertices[i].Y > HeadFrom)
            {
                low = Vector3.Min(low, figure.Vertices[i]);
                high = Vector3.Max(high, figure.Vertices[i]);
            }
        }

        return (low, high);
    }
}
