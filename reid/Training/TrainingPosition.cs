namespace Pipeline.Reid.Training;

/// <summary>Where a training is.</summary>
/// <param name="Stage">Stage, from 0.</param>
/// <param name="Step">Steps of the stage done.</param>
/// <param name="Epoch">Epoch of the next batch.</param>
/// <param name="StepOfEpoch">Place of the next batch in its epoch.</param>
/// <param name="Time">Training time of the stage.</param>
public readonly record struct TrainingPosition(int Stage, int Step, int Epoch, int StepOfEpoch, TimeSpan Time);
