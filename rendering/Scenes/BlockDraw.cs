namespace Pipeline.Rendering.Scenes;

/// <summary>Draws walls and the things that stand about: cars, posts, benches, stalls, bins, hedges, shelves.</summary>
/// <param name="random">Stream of the place.</param>
/// <param name="covers">Draws what they are made of.</param>
/// <param name="indoor">Under a roof.</param>
/// <param name="depth">How far away people walk at most, decimetres.</param>
internal sealed class BlockDraw(SeededRandom random, CoverDraw covers, bool indoor, float depth)
{
    private readonly List<Block> _blocks = [];
    private readonly float _side = random.Uniform(15, indoor ? 40 : 60);

    /// <summary>Draws them all.</summary>
    public List<Block> Draw()
    {
        AddWalls();
        int things = 2 + random.Below(20);
        for (int i = 0; i < things; i++)
        {
            AddThing(random.Uniform(-_side, _side) * 1.3f, random.Uniform(30, depth + 60));
        }

        return _blocks;
    }

    private void AddWalls()
    {
        if (random.Chance(indoor ? .9f : .65f))
        {
            float near = depth + random.Uniform(10, 80);
            _blocks.Add(new Block(new Vector3(-400, 0, near), new Vector3(400, random.Uniform(25, 90), near + 300), covers.Wall()));
        }

        foreach (float sign in (ReadOnlySpan<float>)[1, -1])
        {
            if (random.Chance(indoor ? .75f : .45f))
            {
                float near = sign > 0 ? _side : -_side - 100;
                _blocks.Add(new Block(new Vector3(near, 0, -20), new Vector3(near + 100, random.Uniform(25, 90), depth + 200), covers.Wall()));
            }
        }
    }

    private void AddThing(float x, float z)
    {
        int kind = z < 45 ? random.Pick(2, 3, 5) : indoor ? 2 + random.Below(5) : random.Below(8); // no large thing just below the camera
        switch (kind)
        {
            case 0:
                bool along = random.Chance(.5f);
                Add(x, z, along ? new Vector3(9, 14, 21) : new Vector3(21, 14, 9), covers.Of(CoverKind.Car));
                break;
            case 1:
                float trunk = random.Uniform(.8f, 2);
                Add(x, z, new Vector3(trunk, random.Uniform(30, 60), trunk), covers.Thing() with { First = new Vector3(.12f, .09f, .06f) });
                break;
            case 2:
                float post = random.Uniform(.3f, 1);
                Add(x, z, new Vector3(post, random.Uniform(8, 40), post), covers.Thing());
                break;
            case 3:
                Add(x, z, new Vector3(random.Uniform(5, 12), random.Uniform(4, 9), random.Uniform(2, 4)), covers.Thing());
                break;
            case 4:
                Add(x, z, new Vector3(random.Uniform(5, 16), random.Uniform(12, 25), random.Uniform(3, 8)), random.Chance(.4f) ? covers.Of(indoor ? CoverKind.Shelves : CoverKind.Shop) : covers.Thing());
                break;
            case 5:
                Add(x, z, new Vector3(random.Uniform(1.5f, 4), random.Uniform(6, 12), random.Uniform(1.5f, 4)), covers.Thing());
                break;
            case 6:
                Add(x, z, new Vector3(random.Uniform(3, 12), random.Uniform(8, 22), random.Uniform(1, 3)), covers.Wall());
                break;
            default:
                Add(x, z, new Vector3(random.Uniform(4, 25), random.Uniform(5, 14), random.Uniform(2, 5)), covers.Of(CoverKind.Hedge));
                break;
        }
    }

    private void Add(float x, float z, Vector3 half, Cover cover) =>
        _blocks.Add(new Block(new Vector3(x - half.X, 0, z - half.Z), new Vector3(x + half.X, half.Y, z + half.Z), cover));
}
