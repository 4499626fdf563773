using System.Diagnostics;

namespace Pipeline.Reid.Training;

/// <summary>How much of a stage's length is done. Time counts only while it trains: saving and scoring take nothing off it.</summary>
public sealed class TrainingClock
{
    private readonly ScheduleRecipe _schedule;
    private readonly int _stepsAnEpoch;
    private readonly Stopwatch _watch = new();
    private readonly TimeSpan _before;

    /// <summary>Starts where a stage begins or goes on.</summary>
    /// <param name="schedule">The length.</param>
    /// <param name="stepsAnEpoch">Batches of an epoch.</param>
    /// <param name="steps">Steps done before.</param>
    /// <param name="time">Training time before.</param>
    public TrainingClock(ScheduleRecipe schedule, int stepsAnEpoch, int steps = 0, TimeSpan time = default)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        (_schedule, _stepsAnEpoch, Steps, FirstStep, _before) = (schedule, stepsAnEpoch, steps, steps, time);
    }

    /// <summary>Steps done.</summary>
    public int Steps { get; private set; }

    /// <summary>Steps that were done when this clock was made.</summary>
    public int FirstStep { get; }

    /// <summary>Training time.</summary>
    public TimeSpan Time => _before + _watch.Elapsed;

    /// <summary>Steps of the whole length; null where minutes are the length.</summary>
    public int? AllSteps => _schedule.Minutes > 0 ? null : _schedule.Steps > 0 ? _schedule.Steps : _schedule.Epochs * _stepsAnEpoch;

    /// <summary>How much is done, 0 to 1.</summary>
    public double Progress => Math.Min(1, AllSteps is { } all ? Steps / (double)all : Time.TotalMinutes / _schedule.Minutes);

    /// <summary>Time left at the speed so far; null before anything can be said.</summary>
    public TimeSpan? Left => AllSteps is { } all
        ? Steps > FirstStep ? (all - Steps) * (_watch.Elapsed / (Steps - FirstStep)) : null
        : TimeSpan.FromMinutes(Math.Max(0, _schedule.Minutes - Time.TotalMinutes));

    /// <summary>Steps a second since this clock was made.</summary>
    public double Speed => _watch.Elapsed > TimeSpan.Zero ? (Steps - FirstStep) / _watch.Elapsed.TotalSeconds : 0;

    /// <summary>Counts a step.</summary>
    public void Count() => Steps++;

    /// <summary>Lets time count.</summary>
    public void Start() => _watch.Start();

    /// <summary>Lets it stand still.</summary>
    public void Stop() => _watch.Stop();
}
