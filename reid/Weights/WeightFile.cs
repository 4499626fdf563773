namespace Pipeline.Reid.Weights;

/// <summary>The tensors of a weight file, whatever its container, under the names that the file gives.</summary>
/// <param name="Path">The file.</param>
/// <param name="Container"><c>safetensors</c>, <c>pth (zip)</c>, <c>pth (legacy)</c> or <c>onnx</c>.</param>
/// <param name="Tensors">The tensors in file order.</param>
/// <param name="Metadata">What a safetensors file says of itself, or a checkpoint beside its state dict (epoch and the like).</param>
public sealed record WeightFile(
    string Path, string Container, OrderedDictionary<string, WeightTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    private static readonly string[] s_places = ["state_dict", "model_state_dict", "model"];

    /// <summary>Reads a file; its first bytes say which container it is.</summary>
    /// <remarks>
    /// Nothing of a pickle is run: only the opcodes and names that a state dict needs are read. A checkpoint that holds its weights under
    /// <c>state_dict</c> (or <c>model_state_dict</c>, <c>model</c>, another name) beside other things gives those. An ONNX file is read where it is
    /// one of ours: see <see cref="OnnxFile"/>.
    /// </remarks>
    /// <exception cref="InvalidDataException">The file is damaged, or holds what a weight file has no need of; the message says what.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static WeightFile Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[9];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        try
        {
            return start[..read] switch
            {
                [] => throw new InvalidDataException("the file is empty"),
                [(byte)'P', (byte)'K', 3, 4, ..] => ReadCheckpoint(path, PthFile.ReadZip(stream)),
                [0x80, 2, ..] => ReadCheckpoint(path, PthFile.ReadLegacy(stream)),
                [_, _, _, _, _, _, _, _, (byte)'{'] => SafetensorsFile.Read(path, stream),
                [OnnxFile.FirstByte, ..] => OnnxFile.Read(path, stream),
                _ => throw new InvalidDataException("it starts like neither a safetensors file nor a PyTorch checkpoint (zip or legacy)"),
            };
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or OverflowException or System.Text.DecoderFallbackException)
        {
            string why = e is EndOfStreamException ? "it ends too early: truncated, or copied incompletely" : e.Message;
            throw new InvalidDataException(
                $"{path}: cannot be read as a weight file: {why.TrimEnd('.')}. "
                + "Give a safetensors file, or a checkpoint saved with torch.save(model.state_dict(), file).", e);
        }
    }

    private static WeightFile ReadCheckpoint(string path, PthFile file)
    {
        using (file)
        {
            if (file.Root is not PickleDictionary root)
            {
                throw new InvalidDataException("it holds no state dict but another kind of object");
            }

            PickleDictionary weights = root;
            Dictionary<string, string> metadata = [];
            if (!root.Values.Any(v => v is PickleTensor))
            {
                PickleDictionary[] places =
                [
                    .. s_places.Select(p => root.GetValueOrDefault(p)).Concat(root.Values).OfType<PickleDictionary>()
                        .Where(d => d.Values.Any(v => v is PickleTensor)),
                ];
                weights = places.FirstOrDefault() ?? root;
                foreach ((object key, object? value) in root)
                {
                    if (key is string name && value is long or double or string or bool)
                    {
                        metadata[name] = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
                    }
                }
            }

            OrderedDictionary<string, WeightTensor> tensors = [];
            foreach ((object key, object? value) in weights)
            {
                if (key is string name && value is PickleTensor tensor)
                {
                    tensors.Add(name, file.Materialise(tensor));
                }
            }

            return tensors.Count > 0
                ? new WeightFile(path, file.Container, tensors, metadata)
                : throw new InvalidDataException("no tensors are found in it, neither at the top nor one level below, as under 'state_dict'");
        }
    }
}
