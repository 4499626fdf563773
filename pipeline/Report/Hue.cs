namespace Pipeline.Cli.Report;

/// <summary>A person's colour.</summary>
internal static class Hue
{
    /// <summary>Hue in degrees: the golden angle keeps neighbouring numbers far apart on the circle.</summary>
    public static int Of(int number) => (int)(((number * 137.508) + 70) % 360);
}
