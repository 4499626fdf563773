namespace Pipeline.Rendering.Scenes;

/// <summary>Draws grounds and walls.</summary>
internal static class CoverDraw
{
    /// <summary>A ground.</summary>
    public static Cover Ground(SeededRandom random, bool indoor)
    {
        CoverKind kind = indoor
            ? random.Pick(CoverKind.Tile, CoverKind.Tile, CoverKind.Tile, CoverKind.Carpet, CoverKind.Wood, CoverKind.Plain, CoverKind.Plain)
            : random.Pick(
                CoverKind.Asphalt, CoverKind.Asphalt, CoverKind.Paving, CoverKind.Paving, CoverKind.Brick, CoverKind.Grass, CoverKind.Leaves, CoverKind.Plain);
        float scale = random.Uniform(2, 9);
        switch (kind)
        {
            case CoverKind.Grass:
                Vector3 grass = new(random.Uniform(.09f, .2f), random.Uniform(.14f, .22f), random.Uniform(.05f, .1f));
                return new Cover(kind, grass, (grass * .5f) + new Vector3(.04f, .03f, 0), scale);
            case CoverKind.Leaves:
                return new Cover(kind, new Vector3(.3f, .2f, .08f), new Vector3(.1f, .14f, .05f), scale);
            case CoverKind.Wood:
                Vector3 wood = new(.35f, .2f, .1f);
                return new Cover(kind, wood, wood * random.Uniform(.5f, .9f), scale);
            case CoverKind.Brick:
                Vector3 brick = random.Chance(.5f) ? Colours.Grey(random, .15f, .5f, .05f) : new Vector3(.35f, .2f, .15f) * random.Uniform(.5f, 1.3f);
                return new Cover(kind, brick, brick * random.Uniform(.5f, 1.4f), random.Uniform(1, 2.5f));
            case CoverKind.Carpet:
                Vector3 carpet = Colours.Grey(random, .05f, .35f, .15f);
                return new Cover(kind, carpet, carpet * random.Uniform(.7f, 1.3f), scale);
            default:
                Vector3 stone = Colours.Grey(random, kind == CoverKind.Asphalt ? .06f : .18f, kind == CoverKind.Asphalt ? .3f : .6f, .06f);
                return new Cover(kind, stone, stone * random.Uniform(.5f, .9f), scale);
        }
    }

    /// <summary>A wall, a house front, a hedge.</summary>
    public static Cover Wall(SeededRandom random, bool indoor)
    {
        CoverKind kind = indoor
            ? random.Pick(CoverKind.Plaster, CoverKind.Plaster, CoverKind.Shop, CoverKind.Panels, CoverKind.Tile)
            : random.Pick(CoverKind.Plaster, CoverKind.Brick, CoverKind.Shop, CoverKind.Hedge, CoverKind.Panels, CoverKind.Hedge);
        return kind switch
        {
            CoverKind.Hedge => new Cover(
                kind, new Vector3(random.Uniform(.04f, .15f), random.Uniform(.1f, .22f), .03f), new Vector3(.01f, .03f, .01f), random.Uniform(2, 8)),
            CoverKind.Brick => new Cover(
                kind, new Vector3(.3f, .14f, .09f) * random.Uniform(.6f, 1.6f), Colours.Grey(random, .3f, .5f, .02f), random.Uniform(1.2f, 3)),
            _ => new Cover(kind, Colours.Grey(random, .15f, .8f, .1f), Colours.Grey(random, .05f, .4f, .1f), random.Uniform(3, 14)),
        };
    }
}
