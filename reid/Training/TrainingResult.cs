namespace Pipeline.Reid.Training;

/// <summary>What a training left.</summary>
/// <param name="Weights">The weight file.</param>
/// <param name="Network">The last stage's network.</param>
/// <param name="Steps">Steps of each stage: with so many instead of minutes the training can be repeated.</param>
/// <param name="Time">Training time of all stages run now.</param>
/// <param name="Loss">Loss of the last step.</param>
/// <param name="Score">The last scores; null without validation.</param>
/// <param name="Complete">False when it was stopped before the end; the checkpoint goes on from there.</param>
public sealed record TrainingResult(
    string Weights, string Network, IReadOnlyList<int> Steps, TimeSpan Time, double Loss, ValidationScore? Score, bool Complete);
