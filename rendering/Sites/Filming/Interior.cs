using Pipeline.Rendering.Sites.Plans;

namespace Pipeline.Rendering.Sites.Filming;

/// <summary>An area with substance: walls with doors and lobbies, ceiling, furniture, floor, light.</summary>
internal sealed class Interior
{
    private const float WallThickness = 3;
    private const float DoorHeight = 21.5f;
    private const float Beyond = 200;
    private readonly List<Block> _blocks = [];
    private readonly Area _area;
    private readonly CoverDraw _covers;
    private readonly Cover _wall;

    /// <summary>Draws what an area of the plan is made of.</summary>
    /// <param name="area">The area.</param>
    /// <param name="panoramas">Real places: sky, and pictures on surfaces.</param>
    /// <param name="random">Stream of the area.</param>
    public Interior(Area area, IReadOnlyList<Panorama> panoramas, SeededRandom random)
    {
        _area = area;
        bool roof = area.Kind != AreaKind.Yard;
        _covers = new CoverDraw(random, roof, panoramas);
        _wall = Wall();
        Floor = _covers.Ground();
        Ceiling = roof ? random.Uniform(30, 44) : random.Uniform(50, 90);
        Panorama[] outside = [.. panoramas.Where(p => !p.Indoor)];
        Sky = outside[random.Below(outside.Length)];
        SkyTurn = random.Uniform();
        foreach (Side side in Enum.GetValues<Side>())
        {
            Cover cover = random.Chance(.3f) ? Wall() : _wall;
            AddWall(side, cover);
        }

        if (roof)
        {
            Add(new Vector3(-Beyond, Ceiling, -Beyond), new Vector3(Beyond, Ceiling + 5, area.Size.Y + Beyond), _covers.Of(CoverKind.Panels) with { First = new Vector3(.55f), Second = new Vector3(.4f), Scale = 6 });
        }

        foreach (Furniture thing in area.Furniture)
        {
            AddFurniture(thing, random);
        }

        Light around = LightDraw.Draw(random, roof);
        Lighting = new Lighting([.. roof ? Lamps(around, random) : [new Lamp(around.Sun, around.SunColour, 0)]], roof ? Dimmed(around) : around, _blocks, roof ? random.Uniform(.02f, .12f) : random.Uniform(.2f, .7f), random.Below(1000));
    }

    /// <summary>All that stands.</summary>
    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>What the floor is made of.</summary>
    public Cover Floor { get; }

    /// <summary>Height of the ceiling, or of the walls of a yard, decimetres.</summary>
    public float Ceiling { get; }

    /// <summary>What is above a yard.</summary>
    public Panorama Sky { get; }

    /// <summary>Turned so far, whole turns.</summary>
    public float SkyTurn { get; }

    /// <summary>Its light.</summary>
    public Lighting Lighting { get; }

    private static Light Dimmed(Light light) => light with { Sky = light.Sky * .6f, Ground = light.Ground * .6f };

    private IEnumerable<Lamp> Lamps(Light light, SeededRandom random)
    {
        float below = Ceiling - 10, spacing = random.Uniform(38, 60), strength = random.Uniform(.7f, 1.1f);
        int across = Math.Max(1, (int)(_area.Size.X / spacing)), along = Math.Max(2, (int)(_area.Size.Y / spacing));
        for (int i = 0; i < along; i++)
        {
            for (int k = 0; k < across; k++)
            {
                Vector3 at = new(((k + .5f) / across * _area.Size.X) - (_area.Size.X / 2), Ceiling - 1, (i + .5f) / along * _area.Size.Y);
                yield return new Lamp(at, light.SunColour * (strength * random.Uniform(.75f, 1.1f)), below);
            }
        }

        foreach (Door door in _area.Doors)
        {
            Vector2 at = door.Middle(_area.Size) + (door.Outwards * (Door.LobbyDepth - (Door.BranchWidth / 2)));
            yield return new Lamp(new Vector3(at.X, MathF.Min(Ceiling, DoorHeight + 4) - 1, at.Y), light.SunColour * random.Uniform(.3f, .8f), 13);
        }
    }

    // A photograph that is stretched over a whole wall, as pictures of single people may have behind them, would show as such.
    private Cover Wall() => _covers.Wall() is { Kind: not CoverKind.Photograph } wall ? wall : _covers.Of(CoverKind.Plaster);

    private void AddWall(Side side, Cover cover)
    {
        bool across = side is Side.Near or Side.Far;
        (float low, float high) = across ? ((-_area.Size.X / 2) - WallThickness, (_area.Size.X / 2) + WallThickness) : (0f, _area.Size.Y);
        Door? door = _area.Doors.FirstOrDefault(d => d.Side == side);
        if (door is null)
        {
            Upright(side, low, high, 0, WallThickness, 0, Ceiling, cover);
            return;
        }

        float left = door.At - (door.Width / 2), right = door.At + (door.Width / 2);
        Upright(side, low, left, 0, WallThickness, 0, Ceiling, cover);
        Upright(side, right, high, 0, WallThickness, 0, Ceiling, cover);
        Upright(side, left, right, 0, WallThickness, DoorHeight, Ceiling, cover);
        AddLobby(side, door);
    }

    // A box behind the door, open towards one side, where a branch goes on.
    private void AddLobby(Side side, Door door)
    {
        const float Depth = Door.LobbyDepth, Branch = Door.BranchWidth;
        float half = MathF.Max(door.Width / 2, Branch / 2) + 2, roof = DoorHeight + 4, closed = door.At - (door.Turn * half), open = door.At + (door.Turn * half), end = door.At + (door.Turn * (Door.BranchLength + 8));
        Cover cover = Wall();
        Upright(side, MathF.Min(closed, end) - 3, MathF.Max(closed, end) + 3, Depth, Depth + 3, 0, roof, cover);
        Upright(side, closed, closed - (door.Turn * 3), WallThickness, Depth, 0, roof, cover);
        Upright(side, open, end, WallThickness, Depth - Branch, 0, roof, cover);
        Upright(side, end, end + (door.Turn * 3), Depth - Branch, Depth, 0, roof, cover);
        Upright(side, MathF.Min(closed, end) - 3, MathF.Max(closed, end) + 3, WallThickness, Depth + 3, roof, roof + 3, cover);
    }

    // A block by its place along a wall, how far outwards it reaches, and its heights.
    private void Upright(Side side, float from, float to, float inner, float outer, float low, float high, Cover cover)
    {
        (float first, float last) = (MathF.Min(from, to), MathF.Max(from, to));
        if (last - first < .01f || high - low < .01f)
        {
            return;
        }

        (Vector2 a, Vector2 b) = side switch
        {
            Side.Near => (new Vector2(first, -outer), new Vector2(last, -inner)),
            Side.Far => (new Vector2(first, _area.Size.Y + inner), new Vector2(last, _area.Size.Y + outer)),
            Side.Left => (new Vector2((_area.Size.X / 2) + inner, first), new Vector2((_area.Size.X / 2) + outer, last)),
            _ => (new Vector2((-_area.Size.X / 2) - outer, first), new Vector2((-_area.Size.X / 2) - inner, last)),
        };
        Add(new Vector3(a.X, low, a.Y), new Vector3(b.X, high, b.Y), cover);
    }

    private void AddFurniture(Furniture thing, SeededRandom random)
    {
        float height = MathF.Min(thing.Height, Ceiling);
        Vector3 low = new(thing.Low.X, 0, thing.Low.Y), high = new(thing.High.X, height, thing.High.Y);
        switch (thing.Kind)
        {
            case FurnitureKind.Bench:
                AddBench(thing, low, high, random);
                break;
            case FurnitureKind.Plant:
                Vector3 inset = new(.6f, 0, .6f);
                Add(low + inset, high with { Y = 4 } - inset, _covers.Thing());
                Add(low with { Y = 4 }, high, _covers.Of(CoverKind.Hedge));
                break;
            case FurnitureKind.Machine:
                Add(low, high, _covers.Of(CoverKind.Shop) with { Scale = random.Uniform(0, 3) });
                break;
            case FurnitureKind.Car:
                Add(low with { Y = 2 }, high, _covers.Of(CoverKind.Car));
                break;
            case FurnitureKind.Pillar:
                Add(low, high, _wall);
                break;
            default:
                Add(low, high, random.Chance(.35f) ? _covers.Of(CoverKind.Shelves) : _covers.Of(CoverKind.Panels));
                break;
        }
    }

    // A seat on a base, with a back rest.
    private void AddBench(Furniture bench, Vector3 low, Vector3 high, SeededRandom random)
    {
        Cover cover = _covers.Of(CoverKind.Plain) with { First = Colours.Any(random) };
        Vector3 foot = new(.8f, 0, .8f);
        Add(low + foot, high with { Y = high.Y - .6f } - foot, cover with { First = cover.First * .4f });
        Add(low with { Y = high.Y - .6f }, high, cover);
        Vector3 back = new(bench.Back.X, 0, bench.Back.Y), size = high - low, thin = Vector3.One - Vector3.Abs(back);
        Vector3 middle = ((low + high) / 2) + (back * ((size.X * MathF.Abs(back.X)) + (size.Z * MathF.Abs(back.Z)) - .6f) * .5f);
        Vector3 half = ((size * thin) + (Vector3.Abs(back) * .6f)) / 2;
        Add((middle - half) with { Y = high.Y }, (middle + half) with { Y = high.Y + 4.2f }, cover);
    }

    private void Add(Vector3 low, Vector3 high, Cover cover) => _blocks.Add(new Block(low, high, cover));
}
