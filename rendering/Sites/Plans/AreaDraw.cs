namespace Pipeline.Rendering.Sites.Plans;

/// <summary>Draws one area: what it is, its doors, what stands in it, where people stay.</summary>
internal static class AreaDraw
{
    private const float DoorRoom = 22; // kept free before a door
    private const float TallFrom = 12; // nothing taller stands just below the camera

    /// <summary>Draws it.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="middle">Where it is on the plan.</param>
    /// <param name="turns">How it is turned.</param>
    /// <param name="sides">Walls that need a door.</param>
    /// <param name="random">Stream of the plan.</param>
    public static Area Draw(int number, Vector2 middle, int turns, Side[] sides, SeededRandom random)
    {
        AreaKind kind = (AreaKind)random.Weighted(.4f, .38f, .22f);
        Vector2 size = kind switch
        {
            AreaKind.Corridor => new Vector2(random.Uniform(28, 42), random.Uniform(130, 190)),
            AreaKind.Hall => new Vector2(random.Uniform(70, 110), random.Uniform(95, 150)),
            _ => new Vector2(random.Uniform(90, 130), random.Uniform(110, 170)),
        };
        Door[] doors = [.. sides.Order().Select(side => DrawDoor(side, size, random))];
        List<Furniture> furniture = DrawFurniture(kind, size, doors, random);
        return new Area
        {
            Number = number, Kind = kind, Size = size, Middle = middle, QuarterTurns = turns, Doors = doors, Furniture = furniture,
            Spots = [.. DrawSpots(size, doors, furniture, random), .. furniture.Where(f => f.Kind == FurnitureKind.Bench).SelectMany(Seats)],
        };
    }

    private static Door DrawDoor(Side side, Vector2 size, SeededRandom random)
    {
        bool across = side is Side.Near or Side.Far;
        float room = across ? size.X - 4 : 40, width = random.Uniform(13, MathF.Min(26, room));
        float aside = MathF.Max(0, (size.X / 2) - (width / 2) - 2);
        return new Door(side, across ? random.Uniform(-aside, aside) : size.Y * random.Uniform(.35f, .85f), width, random.Chance(.5f) ? 1 : -1);
    }

    private static List<Furniture> DrawFurniture(AreaKind kind, Vector2 size, Door[] doors, SeededRandom random)
    {
        List<Furniture> placed = [];
        int wanted = kind == AreaKind.Corridor ? 2 + random.Below(3) : 4 + random.Below(5);
        for (int tries = 0; tries < 60 && placed.Count < wanted; tries++)
        {
            Furniture thing = DrawThing(kind, size, random);
            if (Fits(thing, size, doors, placed))
            {
                placed.Add(thing);
            }
        }

        return placed;
    }

    private static Furniture DrawThing(AreaKind kind, Vector2 size, SeededRandom random)
    {
        FurnitureKind what = kind switch
        {
            AreaKind.Corridor => random.Pick(FurnitureKind.Bench, FurnitureKind.Cabinet, FurnitureKind.Plant, FurnitureKind.Machine),
            AreaKind.Hall => random.Pick(
                FurnitureKind.Bench, FurnitureKind.Bench, FurnitureKind.Cabinet, FurnitureKind.Plant, FurnitureKind.Machine, FurnitureKind.Counter, FurnitureKind.Counter, FurnitureKind.Pillar),
            _ => random.Pick(FurnitureKind.Bench, FurnitureKind.Plant, FurnitureKind.Plant, FurnitureKind.Car, FurnitureKind.Pillar),
        };
        (float along, float deep, float height) = what switch
        {
            FurnitureKind.Bench => (random.Uniform(13, 18), 5, 4.4f),
            FurnitureKind.Cabinet => (random.Uniform(8, 16), random.Uniform(3.5f, 5), random.Uniform(9, 20)),
            FurnitureKind.Counter => (random.Uniform(16, 30), random.Uniform(6, 8), random.Uniform(9, 12)),
            FurnitureKind.Pillar => (random.Uniform(3, 6), random.Uniform(3, 6), 60),
            FurnitureKind.Plant => (random.Uniform(4, 14), random.Uniform(4, 5), random.Uniform(7, 14)),
            FurnitureKind.Machine => (random.Uniform(8, 10), kind == AreaKind.Corridor ? 4.5f : 7, 19),
            _ => (42, 18, 14),
        };
        bool island = kind != AreaKind.Corridor && what is FurnitureKind.Counter or FurnitureKind.Pillar;
        return island ? Island(what, along, deep, height, size, random) : AtWall(what, along, deep, height, size, random);
    }

    private static Furniture Island(FurnitureKind what, float along, float deep, float height, Vector2 size, SeededRandom random)
    {
        Vector2 half = (random.Chance(.6f) ? new Vector2(along, deep) : new Vector2(deep, along)) / 2;
        Vector2 middle = new(size.X * random.Uniform(-.3f, .3f), size.Y * random.Uniform(.35f, .75f));
        return new Furniture(what, middle - half, middle + half, height, default);
    }

    private static Furniture AtWall(FurnitureKind what, float along, float deep, float height, Vector2 size, SeededRandom random)
    {
        int wall = random.Weighted(.42f, .42f, .16f);
        if (wall == 2)
        {
            float middle = random.Uniform(-.5f, .5f) * MathF.Max(0, size.X - along);
            return new Furniture(what, new Vector2(middle - (along / 2), size.Y - deep), new Vector2(middle + (along / 2), size.Y), height, Vector2.UnitY);
        }

        float at = size.Y * random.Uniform(.2f, .92f), edge = wall == 0 ? (size.X / 2) - deep : -size.X / 2;
        return new Furniture(what, new Vector2(edge, at - (along / 2)), new Vector2(edge + deep, at + (along / 2)), height, wall == 0 ? Vector2.UnitX : -Vector2.UnitX);
    }

    private static bool Fits(Furniture thing, Vector2 size, Door[] doors, List<Furniture> placed)
    {
        bool inside = thing.Low.X >= -size.X / 2 && thing.High.X <= size.X / 2 && thing.Low.Y >= 10 && thing.High.Y <= size.Y && (thing.Height < TallFrom || thing.Low.Y > 35);
        bool free = !doors.Any(door => Distance(thing, door.Inside(size)) < DoorRoom)
            && !placed.Any(other => thing.Low.X < other.High.X + 4 && other.Low.X < thing.High.X + 4 && thing.Low.Y < other.High.Y + 4 && other.Low.Y < thing.High.Y + 4);
        return inside && free && doors.All(from => doors.All(to => WayFinder.Find(from.Inside(size), to.Inside(size), size, [.. placed, thing]) is not null));
    }

    private static float Distance(Furniture thing, Vector2 point) => Vector2.Distance(point, Vector2.Clamp(point, thing.Low, thing.High));

    private static IEnumerable<Spot> DrawSpots(Vector2 size, Door[] doors, List<Furniture> furniture, SeededRandom random)
    {
        int found = 0;
        for (int tries = 0; tries < 60 && found < 6; tries++)
        {
            Vector2 at = new(random.Uniform(-.5f, .5f) * (size.X - 16), random.Uniform(.25f, .92f) * size.Y);
            float facing = random.Uniform(0, MathF.Tau);
            bool free = !furniture.Any(thing => WayFinder.Inside(thing, at)) && !doors.Any(door => Vector2.Distance(door.Inside(size), at) < DoorRoom);
            if (free && doors.All(door => WayFinder.Find(door.Inside(size), at, size, furniture) is not null))
            {
                found++;
                yield return new Spot(at, facing, IsSeat: false);
            }
        }
    }

    // Two to a bench, at its front edge.
    private static IEnumerable<Spot> Seats(Furniture bench)
    {
        Vector2 middle = (bench.Low + bench.High) / 2, along = new(bench.Back.Y, bench.Back.X);
        float facing = MathF.Atan2(-bench.Back.X, -bench.Back.Y);
        foreach (float aside in (float[])[-3.5f, 3.5f])
        {
            yield return new Spot(middle + (along * aside) - (bench.Back * 3.6f), facing, IsSeat: true);
        }
    }
}
