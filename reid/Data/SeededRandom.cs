namespace Pipeline.Reid.Data;

/// <summary>
/// Random numbers that depend on a seed and on a place (epoch, step, picture) alone: never on threads or on what was drawn elsewhere. SplitMix64.
/// </summary>
internal struct SeededRandom
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>Starts the stream of a place.</summary>
    public SeededRandom(ulong seed, long first, long second = 0, long third = 0)
    {
        _state = Mix(Mix(Mix(Mix(seed + Step) ^ (ulong)first) + Step ^ (ulong)second) + Step ^ (ulong)third);
    }

    /// <summary>64 random bits.</summary>
    public ulong Bits() => Mix(_state += Step);

    /// <summary>Uniform in 0 to 1, 1 excluded.</summary>
    public double Unit() => (Bits() >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform between two ends.</summary>
    public double Between(double low, double high) => low + (Unit() * (high - low));

    /// <summary>Uniform whole number from 0, below <paramref name="end"/> (at least 1).</summary>
    public int Below(int end) => (int)Math.BigMul(Bits(), (ulong)end, out _);

    /// <summary>True with a probability. Draws even where the answer is certain, so that what follows does not depend on it.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>Puts items in random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
