namespace Pipeline.Tracker;

/// <summary>Writes and reads tracks exactly to the bit.</summary>
internal static class TrackFormat
{
    internal static void Write(BinaryWriter writer, Track track)
    {
        writer.Write(track.Key);
        writer.Write(track.StartTicks);
        writer.Write(track.Number);
        writer.Write((byte)track.State);
        writer.Write(track.Hits);
        writer.Write(track.Missed);
        writer.Write(track.SeenTicks);
        writer.Write(track.SeenBox.X);
        writer.Write(track.SeenBox.Y);
        writer.Write(track.SeenBox.Width);
        writer.Write(track.SeenBox.Height);
        Write(writer, track.Filter);
        Write(writer, track.SeenFilter);
        writer.Write(track.FreeSights);
        BodyColours.Write(writer, track.Colours);
    }

    internal static Track Read(BinaryReader reader)
    {
        Track track = new() { Key = reader.ReadInt32(), StartTicks = reader.ReadInt64() };
        track.Number = reader.ReadInt32();
        track.State = (TrackState)reader.ReadByte();
        track.Hits = reader.ReadInt32();
        track.Missed = reader.ReadInt32();
        track.SeenTicks = reader.ReadInt64();
        track.SeenBox = new TrackBox(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        track.Filter = ReadFilter(reader);
        track.SeenFilter = ReadFilter(reader);
        track.FreeSights = reader.ReadInt32();
        track.Colours = BodyColours.Read(reader);
        return track;
    }

    private static void Write(BinaryWriter writer, in KalmanFilter filter)
    {
        foreach (KalmanAxis axis in (ReadOnlySpan<KalmanAxis>)[filter.X, filter.Y, filter.Aspect, filter.Height])
        {
            writer.Write(axis.Value);
            writer.Write(axis.Rate);
            writer.Write(axis.ValueVariance);
            writer.Write(axis.Covariance);
            writer.Write(axis.RateVariance);
        }
    }

    private static KalmanFilter ReadFilter(BinaryReader reader) =>
        new() { X = ReadAxis(reader), Y = ReadAxis(reader), Aspect = ReadAxis(reader), Height = ReadAxis(reader) };

    private static KalmanAxis ReadAxis(BinaryReader reader) => new()
    {
        Value = reader.ReadDouble(),
        Rate = reader.ReadDouble(),
        ValueVariance = reader.ReadDouble(),
        Covariance = reader.ReadDouble(),
        RateVariance = reader.ReadDouble(),
    };
}
