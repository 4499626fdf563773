using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pipeline.Rendering.Bodies;

/// <summary>Shape targets: how far each vertex moves, thousandths of a decimetre as int16, a row for each target in order of names.</summary>
internal sealed class ShapeTargets
{
    private const float Unit = .001f;
    private readonly byte[] _rows;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>Reads the rows and the list of names.</summary>
    public ShapeTargets(string rows, string names)
    {
        _rows = File.ReadAllBytes(rows);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(names));
        string[] sorted = [.. document.RootElement.GetProperty("targets").EnumerateObject().Select(x => x.Name).Order(StringComparer.Ordinal)];
        for (int i = 0; i < sorted.Length; i++)
        {
            _numbers[sorted[i].Replace("data/targets/", "", StringComparison.Ordinal).Replace(".target", "", StringComparison.Ordinal)] = i;
        }
    }

    /// <summary>Moves the vertices by a target; one the list lacks, or next to no weight, does nothing.</summary>
    public void Apply(Vector3[] vertices, string name, float weight)
    {
        if (weight < .004f || !_numbers.TryGetValue(name, out int number))
        {
            return;
        }

        ReadOnlySpan<short> row = MemoryMarshal.Cast<byte, short>(_rows.AsSpan(number * vertices.Length * 6, vertices.Length * 6));
        weight *= Unit;
        for (int i = 0, k = 0; i < vertices.Length; i++, k += 3)
        {
            if (row[k] != 0 || row[k + 1] != 0 || row[k + 2] != 0)
            {
                vertices[i] += new Vector3(row[k], row[k + 1], row[k + 2]) * weight;
            }
        }
    }
}
