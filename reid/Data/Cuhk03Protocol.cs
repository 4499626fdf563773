namespace Pipeline.Reid.Data;

/// <summary>The table of the new CUHK03 protocol (Zhong et al., CVPR 2017): <c>cuhk03_new_protocol_config_{detected,labeled}.mat</c>.</summary>
/// <param name="Files">Names of the pictures.</param>
/// <param name="Persons">The person of each.</param>
/// <param name="Cameras">The camera of each, 1 or 2.</param>
/// <param name="Train">Rows for training, from 0.</param>
/// <param name="Query">Rows that are asked, from 0.</param>
/// <param name="Gallery">Rows where they are looked for, from 0.</param>
public sealed record Cuhk03Protocol(
    IReadOnlyList<string> Files,
    IReadOnlyList<int> Persons,
    IReadOnlyList<int> Cameras,
    IReadOnlyList<int> Train,
    IReadOnlyList<int> Query,
    IReadOnlyList<int> Gallery)
{
    /// <summary>Reads a table.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read, or a variable is missing, of another length, or counts beyond the list.</exception>
    public static Cuhk03Protocol Read(string path)
    {
        IReadOnlyDictionary<string, MatMatrix> numbers = MatFile.Read(path);
        IReadOnlyList<string> files = MatFile.ReadTexts(path).GetValueOrDefault("filelist") ?? throw Missing("filelist");
        Cuhk03Protocol protocol = new(files, Labels("labels"), Labels("camId"), Rows("train_idx"), Rows("query_idx"), Rows("gallery_idx"));
        return protocol;

        InvalidDataException Missing(string name) =>
            new($"'{path}': no variable '{name}'. Fetch the protocol of CUHK03-NP (cuhk03_new_protocol_config_detected.mat or ..._labeled.mat) again.");

        int[] Numbers(string name) => numbers.TryGetValue(name, out MatMatrix? matrix) ? [.. matrix.Values.Select(v => (int)v)] : throw Missing(name);

        int[] Labels(string name) => Numbers(name) is var labels && labels.Length == files.Count
            ? labels
            : throw new InvalidDataException($"'{path}': {files.Count} files, but {name} has {labels.Length}. Fetch the file again.");

        int[] Rows(string name)
        {
            int[] rows = [.. Numbers(name).Select(r => r - 1)]; // MATLAB counts from 1
            return Array.TrueForAll(rows, r => r >= 0 && r < files.Count)
                ? rows
                : throw new InvalidDataException($"'{path}': {name} counts beyond the {files.Count} files. Fetch the file again.");
        }
    }
}
