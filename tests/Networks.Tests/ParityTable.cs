using System.Collections.Concurrent;
using System.Globalization;
using Xunit.Abstractions;

namespace Pipeline.Tests.Networks;

/// <summary>Largest deviation of each golden file, with its tolerance. The whole table is printed at the end and kept as parity.txt beside the tests.</summary>
public sealed class ParityTable : IDisposable
{
    private readonly ConcurrentDictionary<string, (double Deviation, double Tolerance)> _rows = new();

    /// <summary>Compares, notes the row, and fails when it is out of tolerance.</summary>
    internal void Compare(ITestOutputHelper output, string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> found, double tolerance, bool ofScale = false)
    {
        Assert.Equal(expected.Length, found.Length);
        double largest = 0;
        double scale = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(expected[i] - (double)found[i]);
            largest = Math.Max(largest, double.IsNaN(difference) ? double.PositiveInfinity : difference);
            scale = Math.Max(scale, Math.Abs(expected[i]));
        }

        Note(output, what, ofScale ? largest / scale : largest, tolerance);
    }

    /// <summary>Notes a deviation measured otherwise.</summary>
    internal void Note(ITestOutputHelper output, string what, double deviation, double tolerance)
    {
        _rows.AddOrUpdate(what, (deviation, tolerance), (_, old) => (Math.Max(old.Deviation, deviation), tolerance));
        output.WriteLine(Line(what, deviation, tolerance));
        Assert.True(deviation <= tolerance, Line(what, deviation, tolerance));
    }

    public void Dispose()
    {
        string table = string.Join('\n', _rows.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => Line(r.Key, r.Value.Deviation, r.Value.Tolerance)));
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "parity.txt"), table + "\n");
        Console.WriteLine($"Parity with the golden files:\n{table}");
    }

    private static string Line(string what, double deviation, double tolerance) =>
        string.Create(CultureInfo.InvariantCulture, $"{what,-64} {deviation,9:0.0e+0}  of {tolerance:0.0e+0}");
}

/// <summary>One table for all tests, which run one after the other: they share libtorch's threads.</summary>
[CollectionDefinition("parity")]
public sealed class ParityTests : ICollectionFixture<ParityTable>;
