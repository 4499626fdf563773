using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pipeline.Tests.Reid;

/// <summary>One golden case: the tensors of a safetensors file by name.</summary>
internal sealed class Golden
{
    private readonly byte[] _bytes;
    private readonly Dictionary<string, (string Type, int[] Shape, int From, int To)> _tensors = [];

    public Golden(string path)
    {
        _bytes = File.ReadAllBytes(path);
        int header = (int)BitConverter.ToInt64(_bytes, 0);
        using JsonDocument json = JsonDocument.Parse(_bytes.AsMemory(8, header));
        foreach (JsonProperty tensor in json.RootElement.EnumerateObject().Where(p => p.Name != "__metadata__"))
        {
            int[] offsets = [.. tensor.Value.GetProperty("data_offsets").EnumerateArray().Select(o => 8 + header + o.GetInt32())];
            int[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
            _tensors.Add(tensor.Name, (tensor.Value.GetProperty("dtype").GetString()!, shape, offsets[0], offsets[1]));
        }
    }

    public IEnumerable<string> Names => _tensors.Keys;

    public bool Has(string name) => _tensors.ContainsKey(name);

    public int[] Shape(string name) => _tensors[name].Shape;

    public byte[] Bytes(string name) => Of<byte>(name, "U8");

    public float[] Floats(string name) => Of<float>(name, "F32");

    public double[] Doubles(string name) => Of<double>(name, "F64");

    public int[] Ints(string name) => [.. Of<long>(name, "I64").Select(v => (int)v)];

    private T[] Of<T>(string name, string type)
        where T : unmanaged
    {
        (string stored, _, int from, int to) = _tensors[name];
        Assert.Equal(type, stored);
        return MemoryMarshal.Cast<byte, T>(_bytes.AsSpan(from, to - from)).ToArray();
    }
}
