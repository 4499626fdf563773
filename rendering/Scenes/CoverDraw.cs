namespace Pipeline.Rendering.Scenes;

/// <summary>Draws grounds, walls and the coats of things.</summary>
/// <param name="random">Stream of the place.</param>
/// <param name="indoor">Under a roof.</param>
/// <param name="panoramas">Real places, whose pictures serve as surfaces too.</param>
internal sealed class CoverDraw(SeededRandom random, bool indoor, IReadOnlyList<Panorama> panoramas)
{
    /// <summary>A ground.</summary>
    public Cover Ground()
    {
        CoverKind kind = indoor
            ? random.Pick(CoverKind.Tile, CoverKind.Tile, CoverKind.Tile, CoverKind.Carpet, CoverKind.Wood, CoverKind.Plain, CoverKind.Paving)
            : random.Pick(
                CoverKind.Asphalt, CoverKind.Asphalt, CoverKind.Asphalt, CoverKind.Paving, CoverKind.Paving, CoverKind.Brick, CoverKind.Cobbles,
                CoverKind.Grass, CoverKind.Grass, CoverKind.Leaves, CoverKind.Plain);
        Cover cover = new(kind, Colours.Grey(random, .18f, .6f, .05f), default, random.Uniform(2, 9), random.Below(1000));
        switch (kind)
        {
            case CoverKind.Grass:
                Vector3 grass = new Vector3(random.Uniform(.12f, .2f), random.Uniform(.16f, .22f), random.Uniform(.06f, .11f)) * random.Uniform(.6f, 1.2f);
                return cover with { First = grass, Second = (grass * .45f) + new Vector3(.04f, .03f, 0) };
            case CoverKind.Leaves:
                return cover with { First = new Vector3(.34f, .22f, .09f) * random.Uniform(.6f, 1.3f), Second = new Vector3(.1f, random.Uniform(.08f, .14f), .05f) };
            case CoverKind.Wood:
                Vector3 wood = new(.35f, .2f, .1f);
                return cover with { First = wood, Second = wood * random.Uniform(.5f, .9f) };
            case CoverKind.Brick:
                Vector3 brick = random.Chance(.6f) ? Colours.Grey(random, .15f, .5f, .05f) : new Vector3(.35f, .2f, .15f) * random.Uniform(.5f, 1.2f);
                return cover with { First = brick, Second = brick * random.Uniform(.5f, 1.2f), Scale = random.Uniform(1, 2.5f) };
            case CoverKind.Carpet:
                Vector3 carpet = Colours.Grey(random, .09f, .35f, .1f);
                return cover with { First = carpet, Second = carpet * random.Uniform(.7f, 1.3f) };
            case CoverKind.Asphalt:
                return cover with { First = Colours.Grey(random, .08f, .34f, .05f) };
            default:
                return cover with { Second = cover.First * random.Uniform(.5f, .9f) };
        }
    }

    /// <summary>A wall, a house front, a hedge.</summary>
    public Cover Wall()
    {
        CoverKind kind = indoor
            ? random.Pick(
                CoverKind.Plaster, CoverKind.Plaster, CoverKind.Plaster, CoverKind.Plaster, CoverKind.Shop, CoverKind.Tile, CoverKind.Panels, CoverKind.Photograph, CoverKind.Photograph)
            : random.Pick(
                CoverKind.Plaster, CoverKind.Facade, CoverKind.Facade, CoverKind.Brick, CoverKind.Shop, CoverKind.Hedge, CoverKind.Hedge, CoverKind.Hedge,
                CoverKind.Panels, CoverKind.Photograph, CoverKind.Photograph);
        return Of(kind);
    }

    /// <summary>The coat of a thing that stands about.</summary>
    public Cover Thing() => random.Chance(.35f)
        ? Of(CoverKind.Photograph)
        : Of(CoverKind.Plain) with { First = random.Chance(.2f) ? Colours.Any(random) : Colours.Grey(random, .03f, .5f, .12f) };

    /// <summary>A surface of a kind.</summary>
    public Cover Of(CoverKind kind)
    {
        Cover cover = new(kind, Colours.Grey(random, .15f, .75f, .08f), Colours.Grey(random, .05f, .4f, .1f), random.Uniform(3, 10), random.Below(1000));
        return kind switch
        {
            CoverKind.Hedge => cover with
            {
                First = new Vector3(random.Uniform(.08f, .2f), random.Uniform(.13f, .24f), random.Uniform(.03f, .08f)), Second = new Vector3(.012f, .02f, .01f),
            },
            CoverKind.Brick => cover with
            {
                First = new Vector3(.3f, .16f, .11f) * random.Uniform(.5f, 1.4f), Second = Colours.Grey(random, .3f, .5f, .02f), Scale = random.Uniform(1.8f, 3),
            },
            CoverKind.Car => cover with { First = random.Chance(.7f) ? Colours.Grey(random, .02f, .8f, .02f) : Colours.Upper(random) },
            CoverKind.Photograph => cover with { Photograph = Place(), Scale = random.Uniform(3, 9) },
            _ => cover,
        };
    }

    private Panorama Place()
    {
        Panorama[] fitting = [.. panoramas.Where(p => p.Indoor == indoor)];
        return fitting[random.Below(fitting.Length)];
    }
}
