using System.Globalization;
using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Training;

/// <summary>Everything that a training needs to go on as if it had not stopped, in one file (<c>checkpoint.safetensors</c>).</summary>
/// <param name="Position">Where it is.</param>
/// <param name="Recipe">What the training was called with: every key and its value. Going on with another recipe would be another training.</param>
/// <param name="State">Weights, optimiser and averages, as <see cref="StageTrainer"/> writes them.</param>
public sealed record TrainingCheckpoint(TrainingPosition Position, IReadOnlyDictionary<string, string> Recipe, ReadOnlyMemory<byte> State)
{
    /// <summary>Name of the file in an output folder.</summary>
    public const string FileName = "checkpoint.safetensors";

    private const string StateName = "training_state";
    private const string RecipePrefix = "recipe.";

    private static readonly string[] _position = ["stage", "step", "epoch", "step_of_epoch", "ticks"];

    /// <summary>Saves it; a checkpoint that was there before stays there until the new one is whole and on the disk.</summary>
    public void Save(string path)
    {
        Dictionary<string, string> metadata = Recipe.ToDictionary(r => RecipePrefix + r.Key, r => r.Value);
        long[] numbers = [Position.Stage, Position.Step, Position.Epoch, Position.StepOfEpoch, Position.Time.Ticks];
        foreach ((string name, long number) in _position.Zip(numbers))
        {
            metadata.Add(name, number.ToString(CultureInfo.InvariantCulture));
        }

        SafetensorsFile.Write(path, [new(StateName, new WeightTensor(ElementType.U8, [State.Length], State.ToArray()))], metadata);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It is no checkpoint of a training, or damaged.</exception>
    public static TrainingCheckpoint Read(string path)
    {
        WeightFile file = WeightFile.Read(path);
        long[] numbers = [.. _position.Select(n => long.TryParse(file.Metadata.GetValueOrDefault(n), NumberStyles.None, CultureInfo.InvariantCulture, out long v) ? v : -1)];
        if (!file.Tensors.TryGetValue(StateName, out WeightTensor? state) || numbers.Any(n => n < 0))
        {
            throw new InvalidDataException($"{path}: weights, but no state of a training. To start from weights give them with --init; to go on, a checkpoint that 'train' saved.");
        }

        TrainingPosition position = new((int)numbers[0], (int)numbers[1], (int)numbers[2], (int)numbers[3], TimeSpan.FromTicks(numbers[4]));
        Dictionary<string, string> recipe = file.Metadata.Where(m => m.Key.StartsWith(RecipePrefix, StringComparison.Ordinal))
            .ToDictionary(m => m.Key[RecipePrefix.Length..], m => m.Value);
        return new TrainingCheckpoint(position, recipe, state.Bytes);
    }

    /// <summary>Refuses to go on with another recipe.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="now">What the training is called with now.</param>
    /// <exception cref="InvalidDataException">Values differ; all are listed.</exception>
    public void RequireSame(string path, IReadOnlyDictionary<string, string> now)
    {
        ArgumentNullException.ThrowIfNull(now);
        string[] changed =
        [
            .. now.Keys.Union(Recipe.Keys).Where(k => now.GetValueOrDefault(k) != Recipe.GetValueOrDefault(k)).Order(StringComparer.Ordinal)
                .Select(k => $"{k} was {Recipe.GetValueOrDefault(k) ?? "not there"}, now {now.GetValueOrDefault(k) ?? "not there"}"),
        ];
        if (changed.Length > 0)
        {
            throw new InvalidDataException($"{path}: made with other settings: {string.Join("; ", changed)}. Give the same, or train into another folder with --init.");
        }
    }
}
