namespace Pipeline.Reid.Data;

/// <summary>One row of a MARS track table.</summary>
/// <param name="First">First picture, from 0, in the list of names.</param>
/// <param name="Last">Last picture, inclusive.</param>
/// <param name="Pid">Person; -1 is junk, 0 a distractor.</param>
/// <param name="Camera">1 to 6.</param>
public readonly record struct MarsTrack(int First, int Last, int Pid, int Camera);

/// <summary>Reads the tables of MARS: <c>tracks_{train,test}_info.mat</c> and <c>query_IDX.mat</c>.</summary>
public static class MarsTracks
{
    /// <summary>Reads a track table.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read or holds no table of four columns.</exception>
    public static IReadOnlyList<MarsTrack> Read(string path)
    {
        MatMatrix table = MatFile.Read(path).Values.FirstOrDefault(m => m.Columns == 4)
            ?? throw new InvalidDataException($"'{path}': no table of four columns (first, last, person, camera). Name tracks_test_info.mat or tracks_train_info.mat of MARS.");
        MarsTrack[] tracks = new MarsTrack[table.Rows];
        for (int i = 0; i < tracks.Length; i++)
        {
            // MARS numbers pictures from 1; ours count from 0.
            tracks[i] = new MarsTrack((int)table[i, 0] - 1, (int)table[i, 1] - 1, (int)table[i, 2], (int)table[i, 3]);
            if (tracks[i].First < 0 || tracks[i].Last < tracks[i].First)
            {
                throw new InvalidDataException($"'{path}': row {i + 1} runs from picture {table[i, 0]} to {table[i, 1]}. Fetch the file again.");
            }
        }

        return tracks;
    }

    /// <summary>Reads which rows of the test table are the queries, from 0.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read or holds no single row or column.</exception>
    public static IReadOnlyList<int> ReadQueries(string path)
    {
        MatMatrix list = MatFile.Read(path).Values.FirstOrDefault(m => m.Rows == 1 || m.Columns == 1)
            ?? throw new InvalidDataException($"'{path}': no list of rows. Name query_IDX.mat of MARS.");
        return [.. list.Values.Select(v => (int)v - 1)];
    }
}
