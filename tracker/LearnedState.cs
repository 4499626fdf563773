namespace Pipeline.Tracker;

/// <summary>All that linking learns of a site, as it is stored with the decisions (<see cref="LinkGroup.Learned"/>): exact to the bit.</summary>
/// <param name="Travel">How long people take from camera to camera.</param>
/// <param name="Strangers">How alike those are who cannot be one person.</param>
public sealed record LearnedState(TravelModel Travel, StrangerScores Strangers)
{
    private const byte Version = 16; // below: travel times alone, in versions of their own

    /// <summary>Goes on from what was stored.</summary>
    /// <param name="state">From <see cref="ToBytes"/>; null for nothing.</param>
    /// <exception cref="InvalidDataException">It is of another version.</exception>
    public static LearnedState From(byte[]? state)
    {
        if (state is null || state[0] < Version)
        {
            return new LearnedState(TravelModel.From(state), new StrangerScores());
        }

        using BinaryReader reader = new(new MemoryStream(state));
        return reader.ReadByte() == Version
            ? new LearnedState(TravelModel.From(reader.ReadBytes(reader.ReadInt32())), StrangerScores.Read(reader))
            : throw new InvalidDataException("what this store has learned of its site is of another version of the program. Use that version, or a new store.");
    }

    /// <summary>All of it.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(Version);
        byte[] travel = Travel.ToBytes();
        writer.Write(travel.Length);
        writer.Write(travel);
        Strangers.Write(writer);
        return bytes.ToArray();
    }
}
