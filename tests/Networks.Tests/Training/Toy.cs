using Pipeline.Reid;
using Pipeline.Reid.Data;
using Pipeline.Reid.Training;

namespace Pipeline.Tests.Networks;

/// <summary>A data set of coloured figures and a recipe that takes seconds.</summary>
internal sealed class Toy : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("training-test-").FullName;

    internal Toy(int people = 6, int cameras = 2, int each = 2)
    {
        foreach (int person in Enumerable.Range(1, people))
        {
            foreach (int camera in Enumerable.Range(1, cameras))
            {
                Directory.CreateDirectory(In("data", $"{person}", $"{camera}"));
                foreach (int i in Enumerable.Range(0, each))
                {
                    File.WriteAllBytes(In("data", $"{person}", $"{camera}", $"{i}.jpg"), PictureIo.ToJpeg(Figure(person, camera, i)));
                }
            }
        }
    }

    internal static TrainingRecipe Recipe { get; } = new()
    {
        Seed = 3,
        Network = new NetworkRecipe { Name = "baseline-compact-96", Height = 64, Width = 32, Precision = TrainingPrecision.F32 },
        Batch = new BatchRecipe { People = 3, Pictures = 2 },
        Schedule = new ScheduleRecipe { Steps = 6 },
    };

    internal string Data => In("data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal string In(params string[] parts) => Path.Combine([_folder, .. parts]);

    internal TrainingData Open(TrainingRecipe recipe) => TrainingData.Open([Data], "auto", null, recipe);

    /// <summary>Trains on one thread; a save after every step.</summary>
    internal async Task<TrainingResult> TrainAsync(
        TrainingRecipe recipe, string output, bool resume = false, Action<TrainingLog>? saved = null, string? start = null,
        CancellationToken cancellationToken = default)
    {
        TrainingOptions options = new()
        {
            Output = In(output), Threads = 1, SaveEvery = TimeSpan.FromTicks(1), Resume = resume, Saved = saved, Start = start,
            InForce = new Dictionary<string, string> { ["seed"] = $"{recipe.Seed}" },
        };
        return await new TrainingSession(recipe, Open(recipe), options, new TrainingProgress()).RunAsync(cancellationToken);
    }

    /// <summary>The curve of a training, without its times.</summary>
    internal IReadOnlyList<TrainingStep> Curve(string output) => [.. TrainingLog.Read(In(output)).Steps.Select(s => s with { Seconds = 0 })];

    // Each person in colours of their own, each camera with a cast.
    private static Picture Figure(int person, int camera, int i)
    {
        byte[] bytes = new byte[3 * 32 * 64];
        for (int y = 0; y < 64; y++)
        {
            for (int x = 0; x < 32; x++)
            {
                int part = x is < 8 or >= 24 ? 0 : y / 16;
                for (int c = 0; c < 3; c++)
                {
                    bytes[(3 * ((y * 32) + x)) + c] = (byte)(((part * 67) + (person * 31 * (c + part)) + (camera * 9 * c) + (i * 5)) % 256);
                }
            }
        }

        return new Picture(32, 64, bytes);
    }
}
