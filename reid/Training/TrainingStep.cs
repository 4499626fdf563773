namespace Pipeline.Reid.Training;

/// <summary>One row of the log.</summary>
/// <param name="Stage">Stage, from 0.</param>
/// <param name="Step">Steps of the stage done, this one included.</param>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="Seconds">Training time of the stage so far.</param>
/// <param name="LearningRate">Learning rate of the step, without group factors.</param>
/// <param name="Loss">What was minimised.</param>
/// <param name="Identity">The classifier's part of it, unweighted.</param>
/// <param name="Triplet">The triplet loss, unweighted; 0 without.</param>
/// <param name="Regularisation">The penalty of adaptive L2 (and centre loss), weighted; 0 without.</param>
/// <param name="Accuracy">Share of the batch that the classifier names right.</param>
public sealed record TrainingStep(
    int Stage, int Step, int Epoch, double Seconds, double LearningRate, double Loss, double Identity, double Triplet, double Regularisation, double Accuracy);

/// <summary>Scores taken on the way.</summary>
/// <param name="Stage">Stage, from 0.</param>
/// <param name="Step">After how many steps of the stage.</param>
/// <param name="Rank1">Share of queries whose first answer is right, 0 to 1.</param>
/// <param name="MeanAveragePrecision">mAP, 0 to 1.</param>
public sealed record ValidationScore(int Stage, int Step, double Rank1, double MeanAveragePrecision);

/// <summary>Factors of adaptive L2 on the way.</summary>
/// <param name="Stage">Stage, from 0.</param>
/// <param name="Step">After how many steps of the stage.</param>
/// <param name="Factors">One for each tensor, in the order of <see cref="TrainingLog.FactorNames"/>.</param>
public sealed record RegularisationFactors(int Stage, int Step, IReadOnlyList<float> Factors);
