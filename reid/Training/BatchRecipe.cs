using Pipeline.Reid.Data;

namespace Pipeline.Reid.Training;

/// <summary>How batches are made up: P people with K pictures each.</summary>
public sealed record BatchRecipe
{
    /// <summary>P: people in a batch, 2 to 1024. Default 16.</summary>
    public int People { get; init; } = 16;

    /// <summary>K: pictures of each, 2 to 64. Default 4.</summary>
    public int Pictures { get; init; } = 4;

    /// <summary>How an epoch is made up. Default every identity once.</summary>
    public SamplerRule Sampler { get; init; }

    /// <summary>The pictures of a person come from as many different cameras as there are. Default false.</summary>
    public bool AcrossCameras { get; init; }

    /// <summary>Batches of an epoch; 0, the default: what one pass over the people gives.</summary>
    public int StepsAnEpoch { get; init; }

    /// <summary>Share of pictures that may be unreadable, 0 to 1: they are named and left out. Default 0.01.</summary>
    public double Unreadable { get; init; } = 0.01;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (People is < 2 or > 1024)
        {
            yield return ("batch.people", $"2 to 1024 people, got {People}");
        }

        if (Pictures is < 2 or > 64)
        {
            yield return ("batch.pictures", $"2 to 64 pictures, got {Pictures}");
        }

        if (!Enum.IsDefined(Sampler))
        {
            yield return ("batch.sampler", $"every_identity_once, every_group or shared_camera, got {(int)Sampler}");
        }

        if (Sampler == SamplerRule.SharedCamera && !AcrossCameras)
        {
            yield return ("batch.across_cameras", "true is needed with the sampler shared_camera, got false");
        }

        if (StepsAnEpoch is < 0 or > 1_000_000)
        {
            yield return ("batch.steps_an_epoch", $"0 to 1000000 batches, got {StepsAnEpoch}");
        }

        if (Unreadable is not (>= 0 and <= 1))
        {
            yield return ("batch.unreadable", $"0 to 1, got {Unreadable}");
        }
    }
}
