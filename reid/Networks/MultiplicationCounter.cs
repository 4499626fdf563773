namespace Pipeline.Reid.Networks;

/// <summary>Runs a network on shapes alone (without the batch): counts multiplications, and finds what does not fit before anything is computed.</summary>
internal sealed class MultiplicationCounter : IOperations<int[]>
{
    /// <summary>Multiply-adds of convolutions and matrix products; what is done once per value is not counted.</summary>
    internal long Total { get; private set; }

    public int[] Convolve(Convolution part, int[] x)
    {
        Expect(part.Key, x[0] == part.Inputs, x);
        int around = part.Padding + part.PaddingAfter;
        int rows = ((x[1] + around - part.Kernel) / part.Stride) + 1;
        int columns = ((x[2] + around - part.Kernel) / part.Stride) + 1;
        Total += (long)part.Outputs * rows * columns * (part.Inputs / part.Groups) * part.Kernel * part.Kernel;
        return [part.Outputs, rows, columns];
    }

    public int[] Normalise(BatchNorm part, int[] x)
    {
        Expect(part.Key, x[0] == part.Channels, x);
        return x;
    }

    public int[] NormaliseInstance(InstanceNorm part, int[] x)
    {
        Expect(part.Key, x[0] == part.Channels, x);
        return x;
    }

    public int[] Relate(Convolution part, int[] theta, int[] phi)
    {
        Expect(part.Key, theta.AsSpan().SequenceEqual(phi) && part.Inputs == 2 * theta[1], theta);
        Total += 4L * part.Outputs * theta[0] * theta[1];
        return [part.Outputs, theta[1]];
    }

    public int[] Relu(int[] x) => x;

    public int[] Clamp(int[] x, float least, float most) => x;

    public int[] Sigmoid(int[] x) => x;

    public int[] Add(int[] a, int[] b)
    {
        Expect("sum", a.AsSpan().SequenceEqual(b), a);
        return a;
    }

    public int[] Multiply(int[] a, int[] b) => a;

    public int[] MaxPool(int[] x, int kernel, int stride, int padding) =>
        [x[0], ((x[1] + (2 * padding) - kernel) / stride) + 1, ((x[2] + (2 * padding) - kernel) / stride) + 1];

    public int[] Mean(int[] x, int[] dimensions, bool keep) => keep
        ? [.. x.Select((size, i) => dimensions.Contains(i + 1) ? 1 : size)]
        : [.. x.Where((_, i) => !dimensions.Contains(i + 1))];

    public int[] Project(Projection part, int[] x)
    {
        Expect(part.Key, x is [int length] && length == part.Inputs, x);
        Total += (long)part.Inputs * part.Outputs;
        return [part.Outputs];
    }

    public int[] Concatenate(params int[][] pieces) => [pieces.Sum(p => p[0]), .. pieces[0][1..]];

    public int[] Rows(int[] x, int start, int count)
    {
        Expect("rows", start >= 0 && count > 0 && start + count <= x[1], x);
        return [x[0], count, x[2]];
    }

    public int[] Channels(int[] x, int start, int count) => [count, .. x[1..]];

    public int[] Reshape(int[] x, params int[] sizesBehindBatch)
    {
        Expect("reshape", x.Aggregate((p, s) => p * s) == sizesBehindBatch.Aggregate((p, s) => p * s), x);
        return sizesBehindBatch;
    }

    public int[] Transpose(int[] x) => [x[1], x[0]];

    private static void Expect(string where, bool fits, int[] shape)
    {
        if (!fits)
        {
            throw new ArgumentException($"{where} does not fit what arrives there, [{string.Join(", ", shape)}]");
        }
    }
}
