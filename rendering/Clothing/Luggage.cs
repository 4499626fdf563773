namespace Pipeline.Rendering.Clothing;

/// <summary>Backpacks, bags, trolleys and umbrellas.</summary>
internal static class Luggage
{
    /// <summary>Gives them to the person.</summary>
    public static void PutOn(Figure figure, Look look, SeededRandom random)
    {
        Accessories wear = look.Accessories;
        PlainSurface first = new(wear.BagColour) { Folds = .35f }, second = new(wear.BagSecondColour) { Folds = .3f };
        float clothes = look.Upper.Suit is not null ? .15f : look.Upper.Looseness, back = BackOf(figure);
        switch (wear.Bag)
        {
            case Bag.Backpack:
                PutOnBackpack(figure, wear.BagSize, first, random.Chance(.4f) ? second : first, clothes, back);
                break;
            case Bag.Shoulder:
                PutOnShoulderBag(figure, wear.BagSize, first, clothes, back, random);
                break;
            case Bag.LeftHand:
                PutInHand(figure, ".L", wear.BagSize, first);
                break;
            case Bag.RightHand:
                PutInHand(figure, ".R", wear.BagSize, first);
                break;
            case Bag.Carriers:
                int hands = random.Weighted(1, 1, 2);
                if (hands != 0)
                {
                    PutInHand(figure, ".L", wear.BagSize, second);
                }

                if (hands != 1)
                {
                    PutInHand(figure, ".R", wear.BagSize, second);
                }

                break;
            case Bag.Trolley:
                PutOnTrolley(figure, wear.BagSize, first);
                break;
            default:
                break;
        }

        if (wear.Umbrella is { } colour)
        {
            PutUpUmbrella(figure, colour);
        }
    }

    private static float BackOf(Figure figure)
    {
        float back = -.3f;
        for (int i = 0; i < BodyModel.BodyVertices; i++)
        {
            if (figure.Body.Cloth.Arm[i] < 0 && figure.Body.Mesh.Vertices[i].Y is > 2 and < 4.5f)
            {
                back = MathF.Min(back, figure.Vertices[i].Z);
            }
        }

        return back;
    }

    private static void PutOnBackpack(Figure figure, Vector3 size, Surface bag, Surface pocket, float clothes, float back)
    {
        int chest = figure.Number("spine01");
        float middle = figure.Joint("spine01").Y - .9f, front = figure.Joint("spine01").Z + .9f + clothes;
        Vector3 at = new(0, middle, back - clothes - (.55f * size.Z));
        figure.Pieces.Add(Solids.Ellipsoid(at, new Vector3(1.35f * size.X, 1.95f * size.Y, .8f * size.Z), chest, bag, .35f));
        figure.Pieces.Add(Solids.Ellipsoid(
            at - new Vector3(0, .6f * size.Y, .6f * size.Z), new Vector3(.95f * size.X, .85f * size.Y, .45f * size.Z), chest, pocket, .4f));
        foreach (float side in (ReadOnlySpan<float>)[-1, 1])
        {
            float shoulder = figure.Joint(side > 0 ? "upperarm01.L" : "upperarm01.R").Y;
            figure.Pieces.Add(Solids.Strap(
                [
                    new Vector3(side * .75f, shoulder - 2.4f, back + .2f), new Vector3(side * 1.3f, shoulder - 1.9f, front * .6f),
                    new Vector3(side * 1.05f, shoulder - .9f, front + .35f), new Vector3(side * .95f, shoulder + .1f, front - .1f),
                    new Vector3(side * .9f, shoulder + .55f + (clothes * .6f), 0), new Vector3(side * .8f, shoulder, back),
                ],
                .2f, chest, bag));
        }
    }

    private static void PutOnShoulderBag(Figure figure, Vector3 size, Surface bag, float clothes, float back, SeededRandom random)
    {
        float side = random.Chance(.5f) ? 1 : -1;
        bool across = random.Chance(.55f);
        float shoulderSide = across ? -side : side, front = 1.35f + clothes, shoulder = figure.Joint("upperarm01.L").Y;
        Vector3 at = new(side * (figure.Joint("upperleg01.L").X + 1 + clothes), .7f - (.5f * size.Y), random.Uniform(-.5f, .4f));
        Vector3 top = at + new Vector3(0, .9f * size.Y, 0);
        figure.Pieces.Add(Solids.Ellipsoid(at, new Vector3(.5f * size.Z, size.Y, 1.25f * size.X), figure.Number("spine05"), bag, .3f));
        float passing = across ? 0 : side * .95f;
        figure.Pieces.Add(Solids.Strap(
            [
                top + new Vector3(0, 0, .6f), new Vector3(passing, 3, front), new Vector3(shoulderSide * .85f, 4.6f, front - .2f),
                new Vector3(shoulderSide * .9f, shoulder + .5f + (clothes * .6f), .1f), new Vector3(shoulderSide * .85f, 4.6f, back - clothes),
                new Vector3(passing, 3, back - clothes), top - new Vector3(0, 0, .6f),
            ],
            .13f, figure.Number("spine02"), bag));
    }

    private static void PutInHand(Figure figure, string side, Vector3 size, Surface bag)
    {
        int wrist = figure.Number("wrist" + side);
        Piece body = Solids.Ellipsoid(
            new Vector3(0, (-1.35f * size.Y) - .2f, 0), new Vector3(.45f * size.Z, .95f * size.Y, 1.15f * size.X), wrist, bag, .35f);
        Piece handle = Solids.Strap(
            [new Vector3(0, -.7f * size.Y, .5f), new Vector3(0, 0, .1f), new Vector3(0, 0, -.1f), new Vector3(0, -.7f * size.Y, -.5f)], .08f, wrist, bag);
        Hang(figure, "finger3-1" + side, body, handle);
    }

    private static void PutOnTrolley(Figure figure, Vector3 size, Surface bag)
    {
        int wrist = figure.Number("wrist.R");
        Hang(
            figure, "finger3-1.R",
            Solids.Ellipsoid(new Vector3(-1.2f, -3.2f, -2.2f), new Vector3(1.3f * size.X, 2 * size.Y, .8f * size.Z), wrist, bag, .25f),
            Solids.Strap([new Vector3(-1, -1.5f, -2), Vector3.Zero], .1f, wrist, bag));
    }

    private static void PutUpUmbrella(Figure figure, Vector3 colour)
    {
        int wrist = figure.Number("wrist.R");
        Hang(
            figure, "finger3-1.R",
            Solids.Ellipsoid(new Vector3(.8f, 5.2f, -.6f), new Vector3(4.6f, 1.4f, 4.6f), wrist, new PlainSurface(colour) { Folds = .2f }, 1, .5f),
            Solids.Strap([new Vector3(0, -1, 0), new Vector3(.8f, 6.6f, -.6f)], .08f, wrist, new PlainSurface(new Vector3(.03f))));
    }

    private static void Hang(Figure figure, string from, params ReadOnlySpan<Piece> pieces)
    {
        foreach (Piece piece in pieces)
        {
            piece.HangsFrom = figure.Joint(from);
            figure.Pieces.Add(piece);
        }
    }
}
