namespace Pipeline.Rendering.Cameras;

/// <summary>Blurs a picture in place, separately along rows and columns; borders repeat.</summary>
internal static class GaussianBlur
{
    private const float Least = .15f;
    private const int MaxRadius = 8;

    /// <summary>Blurs with these standard deviations in picture elements; next to nothing is nothing.</summary>
    public static void Apply(Span<Vector3> picture, int width, int height, float sigmaX, float sigmaY)
    {
        Span<Vector3> line = new Vector3[Math.Max(width, height)];
        if (sigmaX >= Least)
        {
            for (int y = 0; y < height; y++)
            {
                Pass(picture.Slice(y * width, width), 1, width, line, sigmaX);
            }
        }

        if (sigmaY >= Least)
        {
            for (int x = 0; x < width; x++)
            {
                Pass(picture[x..], width, height, line, sigmaY);
            }
        }
    }

    private static void Pass(Span<Vector3> values, int step, int count, Span<Vector3> line, float sigma)
    {
        int radius = Math.Min(MaxRadius, (int)MathF.Ceiling(sigma * 2.2f));
        Span<float> kernel = stackalloc float[radius + 1];
        float sum = 0;
        for (int i = 0; i <= radius; i++)
        {
            kernel[i] = MathF.Exp(-i * i / (2 * sigma * sigma));
            sum += i == 0 ? kernel[i] : 2 * kernel[i];
        }

        for (int i = 0; i < count; i++)
        {
            line[i] = values[i * step];
        }

        for (int i = 0; i < count; i++)
        {
            Vector3 blurred = line[i] * kernel[0];
            for (int k = 1; k <= radius; k++)
            {
                blurred += (line[Math.Max(0, i - k)] + line[Math.Min(count - 1, i + k)]) * kernel[k];
            }

            values[i * step] = blurred / sum;
        }
    }
}
