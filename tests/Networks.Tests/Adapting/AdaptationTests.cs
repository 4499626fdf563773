using Pipeline.Reid.Adapting;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Onnx;
using Pipeline.Reid.Training;
using Pipeline.Reid.Weights;

namespace Pipeline.Tests.Networks;

[Collection("parity")]
public sealed class AdaptationTests : IDisposable
{
    private const int People = 12;
    private const int Crops = 4;

    private static readonly AdaptationOptions s_options = new() { Seed = 3, Epochs = 2, Steps = 3, People = 3, Pictures = 2 };

    private readonly Toy _toy;

    public AdaptationTests()
    {
        Libtorch.Require();
        _toy = new Toy(People, cameras: 2, each: Crops);
    }

    public void Dispose() => _toy.Dispose();

    [SkippableFact]
    public void It_learns_from_tracks_and_is_the_same_for_a_seed()
    {
        WeightFile model = Model();

        AdaptationResult one = Adapt(model, Site(), source: null);
        AdaptationResult same = Adapt(model, Site(), source: null);

        Assert.Equal(2, one.Epochs.Count);
        Assert.Equal((8, 8 * Crops, 0), (one.Learned, one.Pictures, one.SourcePeople));
        Assert.Null(one.Source);
        Assert.Equal(Bytes(one.Weights), Bytes(same.Weights));
        Assert.Equal(one.Comparison.Gain, same.Comparison.Gain);
        Assert.NotEqual(Bytes(NetworkWeights.From(one.Network, model)), Bytes(one.Weights));
        Assert.DoesNotContain("cls.weight", one.Weights.Keys);
    }

    [SkippableFact]
    public void A_served_model_is_adapted_as_well_as_weights_and_the_result_can_be_served()
    {
        ModelFiles.ExportWeights(Model().Path, _toy.In("model.onnx"));

        AdaptationResult result = Adapt(WeightFile.Read(_toy.In("model.onnx")), Site(), source: null);
        ModelFiles.Export(result.Network, result.Weights, _toy.In("adapted.onnx"));
        TrainedNetwork.Save(_toy.In("adapted.safetensors"), result.Network, result.Weights, new Dictionary<string, string>());

        Assert.All(ModelVerification.Compare(_toy.In("adapted.onnx"), _toy.In("adapted.safetensors")), output => Assert.InRange(output.Deviation, 0, 1e-4));
    }

    [SkippableFact]
    public void People_whose_names_are_known_stay_in_the_mix_and_some_of_them_judge()
    {
        TrainingRecipe recipe = new() { Batch = new BatchRecipe { People = 2 }, Validation = new ValidationRecipe { People = 4 } };

        AdaptationResult result = Adapt(Model(), Site(), TrainingData.Open([_toy.Data], "auto", null, recipe));

        Assert.Equal(People - 4, result.SourcePeople);
        Assert.NotNull(result.Source);
        Assert.NotNull(result.Comparison.Forgotten);
    }

    [SkippableFact]
    public void The_tracks_are_grouped_anew_each_epoch_by_what_the_network_sees_then()
    {
        List<float[]> seen = [];
        SiteEvidence site = Site();

        Adapt(Model(), site with
        {
            Group = features =>
            {
                seen.Add(features[0]);
                Assert.Equal(site.Learned.Count, features.Count);
                return site.Group(features);
            },
        }, source: null);

        Assert.Equal(2, seen.Count);
        Assert.NotEqual(seen[0], seen[1]);
    }

    [SkippableFact]
    public void Too_few_tracks_to_learn_from_are_refused()
    {
        SiteEvidence site = Site();

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => Adapt(Model(), site with { Learned = [.. site.Learned.Take(5)] }, source: null));

        Assert.Contains("5 tracks, 8 are needed", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(IReadOnlyDictionary<string, WeightTensor> weights) =>
        [.. weights.Where(weight => !weight.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).SelectMany(weight => weight.Value.Bytes.ToArray())];

    private static AdaptationResult Adapt(WeightFile model, SiteEvidence site, TrainingData? source) =>
        new Adaptation(model, site, source, s_options, gpu: false, new TrainingProgress()).Run(CancellationToken.None);

    private WeightFile Model()
    {
        ReidNetwork network = NetworkCatalog.Create("baseline-compact-96", 64, 32);
        ModelFiles.Save(network, NetworkWeights.Seeded(network, 1), _toy.In("model.safetensors"));
        return WeightFile.Read(_toy.In("model.safetensors"));
    }

    // Four people in two cameras to learn from; eight in one, all there at once, to judge by.
    private SiteEvidence Site() => new(
        [.. from person in Enumerable.Range(1, 4) from camera in Enumerable.Range(1, 2) select Track(person, camera)],
        _ => [0, 0, 1, 1, 2, 2, 3, 3],
        [.. Enumerable.Range(5, 8).Select(person => Track(person, 1))],
        [.. from one in Enumerable.Range(0, 8) from other in Enumerable.Range(one + 1, 7 - one) select (one, other)]);

    private SiteTrack Track(int person, int camera) => new(camera - 1, [.. Enumerable.Range(0, Crops).Select(i => _toy.In("data", $"{person}", $"{camera}", $"{i}.jpg"))]);
}
