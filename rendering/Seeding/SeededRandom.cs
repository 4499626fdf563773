namespace Pipeline.Rendering.Seeding;

/// <summary>What a stream of random numbers is for. Part of its seed, so that streams of one number do not meet.</summary>
internal enum Purpose : ulong
{
    Camera = 1,
    Look = 2,
    LookAlike = 3,
    Visit = 4,
    Crowd = 5,
    Picture = 6,

    // Sites: what `people generate` draws never has these, so no site shows people, cameras or light of a training set.
    SitePlan = 101,
    SiteLook = 102,
    SiteLookAlike = 103,
    SiteCoat = 104,
    SiteWalk = 105,
    SiteGait = 106,
    SiteCamera = 107,
    SiteNoise = 108,
    SiteArea = 109,
}

/// <summary>Small deterministic random generator (splitmix64): the same keys always give the same stream.</summary>
/// <remarks>
/// Keys go through a mixer one after another. Seeding with seed × constant + number instead gives neighbours the same stream shifted by
/// one, and so neighbours the same shirts.
/// </remarks>
internal sealed class SeededRandom
{
    private ulong _state;

    /// <summary>Starts the stream of these keys.</summary>
    public SeededRandom(params ReadOnlySpan<ulong> keys)
    {
        ulong mixed = 0x243F6A8885A308D3;
        foreach (ulong key in keys)
        {
            mixed = Mix(mixed ^ Mix(key + 0x9E3779B97F4A7C15));
        }

        _state = mixed;
    }

    /// <summary>Starts the stream of a purpose.</summary>
    public static SeededRandom Of(ulong seed, Purpose purpose, params ReadOnlySpan<int> numbers)
    {
        Span<ulong> keys = stackalloc ulong[numbers.Length + 2];
        keys[0] = seed;
        keys[1] = (ulong)purpose;
        for (int i = 0; i < numbers.Length; i++)
        {
            keys[i + 2] = (ulong)numbers[i];
        }

        return new SeededRandom(keys);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public float Uniform() => (Next() >> 40) / 16777216f;

    /// <summary>Uniform in [low, high).</summary>
    public float Uniform(float low, float high) => low + ((high - low) * Uniform());

    /// <summary>Uniform integer from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>True with this probability.</summary>
    public bool Chance(float probability) => Uniform() < probability;

    /// <summary>Mean 0, standard deviation 1, near normal (sum of four uniforms), within ±3.47.</summary>
    public float Normal() => (Uniform() + Uniform() + Uniform() + Uniform() - 2) * 1.7320508f;

    /// <summary>One of the items, all equally likely.</summary>
    public T Pick<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];

    /// <summary>An index, drawn with these weights.</summary>
    public int Weighted(params ReadOnlySpan<float> weights)
    {
        float total = 0;
        foreach (float weight in weights)
        {
            total += weight;
        }

        float left = total * Uniform();
        for (int i = 0; i < weights.Length; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return i;
            }
        }

        return weights.Length - 1;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
