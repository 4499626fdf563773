using System.Text.Json;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Training.Losses;
using Pipeline.Reid.Onnx;
using Pipeline.Reid.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

/// <summary>Weight files in every container, and those that must not be read.</summary>
[Collection("parity")]
public sealed class WeightFileTests(ParityTable table, ITestOutputHelper output)
{
    public static TheoryData<string> Refused
    {
        get
        {
            using JsonDocument reasons = JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("checkpoints", "refuse", "reasons.json")));
            return [.. reasons.RootElement.EnumerateObject().Select(r => r.Name)];
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_file_that_is_broken_or_could_run_something_is_refused(string name)
    {
        string path = TestData.Golden("checkpoints", "refuse", name);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => WeightFile.Read(path));

        output.WriteLine(e.Message);
        Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("global_getcwd_zip_p2.pth", "posix.getcwd")]
    [InlineData("global_eval_zip.pth", "__builtin__.eval")]
    [InlineData("global_named_not_called_zip.pth", "posix.getcwd")]
    [InlineData("inst_opcode_zip.pth", "opcode 0x69")]
    [InlineData("deep_nesting_zip.pth", "nests deeper")]
    [InlineData("missing_record_zip.pth", "record data/3 is missing")]
    [InlineData("short_record_zip.pth", "bytes")]
    [InlineData("byteorder_big_zip.pth", "big-endian")]
    [InlineData("st_overlap.safetensors", "overlap")]
    [InlineData("st_hole.safetensors", "hole")]
    [InlineData("st_duplicate_key.safetensors", "twice")]
    [InlineData("st_bad_dtype.safetensors", "F31")]
    [InlineData("st_trailing_data.safetensors", "follow the last tensor")]
    [InlineData("truncated_legacy_60.pth", "too early")]
    public void A_refusal_says_why(string name, string why)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => WeightFile.Read(TestData.Golden("checkpoints", "refuse", name)));

        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("checkpoints", "odd_zip.pth")]
    [InlineData("checkpoints", "odd_legacy.pth")]
    [InlineData("checkpoints", "old_style_legacy.pth")]
    [InlineData("temporal", "ibn_a_layer.safetensors")]
    public void Damage_anywhere_is_refused_in_words_or_harmless(string folder, string name)
    {
        byte[] sound = File.ReadAllBytes(TestData.Golden(folder, name));
        Random random = new(1);
        using TemporaryFile file = new(name);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. sound];
            int at = random.Next(Math.Min(sound.Length, 3000)); // where the structure is
            damaged[at] = (byte)random.Next(256);
            File.WriteAllBytes(file.Path, damaged);
            try
            {
                _ = WeightFile.Read(file.Path);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith(file.Path, e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 20, 400);
    }

    [Theory]
    [InlineData("small_rgasc_zip.pth")]
    [InlineData("small_rgasc_legacy.pth")]
    public void Checkpoints_hold_the_same_tensors_in_the_same_order_in_every_container(string name)
    {
        CompareWithKeys(WeightFile.Read(TestData.Golden("checkpoints", name)));
    }

    [SkippableTheory]
    [InlineData("small_rgasc_zip.pth.tar")]
    [InlineData("small_rgasc_legacy.pth.tar")]
    public void The_trainers_checkpoints_give_their_state_dict(string name)
    {
        WeightFile file = WeightFile.Read(TestData.Shared("golden", "checkpoints", name));

        CompareWithKeys(file);
        Assert.Equal("4", file.Metadata["epoch"]);
    }

    [Theory]
    [InlineData("odd_zip.pth")]
    [InlineData("odd_legacy.pth")]
    [InlineData("odd_zip_torch2_layout.pth")]
    public void Every_type_and_every_layout_of_tensor_is_read(string name)
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("checkpoints", "odd_expected.json")));
        WeightFile file = WeightFile.Read(TestData.Golden("checkpoints", name));

        foreach (JsonProperty wanted in expected.RootElement.GetProperty("tensors").EnumerateObject())
        {
            WeightTensor found = file.Tensors[wanted.Name];
            Assert.Equal(wanted.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64()), found.Shape);
            Assert.Equal(Flat(wanted.Value.GetProperty("values")), found.ToDoubles());
            Assert.Equal(wanted.Value.GetProperty("dtype").GetString(), TypeName(found.Type));
        }

        Assert.Equal(("7", "1099511627776", "-3", "0.1"), (file.Metadata["int"], file.Metadata["big"], file.Metadata["neg"], file.Metadata["float"]));
        Assert.Equal("é人", file.Metadata["unicode"]);
    }

    [Theory]
    [InlineData("deflated_zip.pth", 7)]
    [InlineData("module_prefix_zip.pth", 7)]
    [InlineData("old_style_legacy.pth", 2)]
    public void Unusual_but_legal_files_are_read(string name, int least)
    {
        WeightFile file = WeightFile.Read(TestData.Golden("checkpoints", name));

        Assert.InRange(file.Tensors.Count, Math.Min(least, 2), 100);
        Assert.All(file.Tensors, t => Assert.True(t.Value.ToDoubles().All(double.IsFinite), t.Key));
    }

    [Fact]
    public void Old_parameters_have_the_values_they_were_saved_with()
    {
        WeightFile file = WeightFile.Read(TestData.Golden("checkpoints", "old_style_legacy.pth"));

        Assert.Equal(Golden.Formula("old/conv", [2, 3, 3, 3]).ToSingles(), file.Tensors["conv1.weight"].ToSingles());
        Assert.Equal(Golden.Formula("old/mean", [2]).ToSingles(), file.Tensors["bn1.running_mean"].ToSingles());
    }

    [SkippableTheory]
    [InlineData("small_rgasc.safetensors")]
    [InlineData("small_rgasc_zip.pth")]
    [InlineData("small_rgasc_legacy.pth")]
    public void A_recognised_checkpoint_computes_the_official_features(string name)
    {
        Libtorch.Require();
        WeightFile file = WeightFile.Read(TestData.Golden("checkpoints", name));
        OrderedDictionary<string, WeightTensor> golden = Golden.Read("checkpoints", "small_rgasc_expected.safetensors");

        ReidNetwork network = NetworkRecogniser.Recognise(file);

        Assert.Equal(("rga-sc-resnet-w4-2-1-2-1", 64, 32, 128), (network.Name, network.Height, network.Width, network.FeatureLength));
        (float[] pooled, float[] normalised) = SmallFeatures(network, NetworkWeights.From(network, file));
        table.Compare(output, $"{name} feat_", golden["eval_checkpoint.feat_"].ToSingles(), pooled, 8e-7, ofScale: true);
        table.Compare(output, $"{name} feat", golden["eval_checkpoint.feat"].ToSingles(), normalised, 8e-7, ofScale: true);
    }

    [SkippableFact]
    public void Initial_weights_of_the_small_network_give_its_features_and_first_gradients()
    {
        Libtorch.Require();
        WeightFile file = WeightFile.Read(TestData.Golden("checkpoints", "small_rgasc.safetensors"));
        OrderedDictionary<string, WeightTensor> golden = Golden.Read("checkpoints", "small_rgasc_expected.safetensors");
        ReidNetwork network = NetworkRecogniser.Recognise(file);
        Dictionary<string, WeightTensor> weights = Golden.Weights(network, "small/", 0.2);

        (float[] pooled, float[] normalised) = SmallFeatures(network, weights);

        table.Compare(output, "small_rgasc initial feat_", golden["eval_initial.feat_"].ToSingles(), pooled, 8e-7, ofScale: true);
        table.Compare(output, "small_rgasc initial feat", golden["eval_initial.feat"].ToSingles(), normalised, 8e-7, ofScale: true);
        using DisposeScope scope = NewDisposeScope();
        using TorchNetwork torchNetwork = new(network, weights);
        Tensor labels = tensor([.. Enumerable.Range(0, 12).Select(i => i / 2L)], [12]);
        Tensor before = torchNetwork.call(tensor(Golden.Images("small/step0", 12, 64, 32, block: 8), [12, 3, 64, 32]));
        Tensor logits = torchNetwork.Logits(torchNetwork.Normalised(before));
        Tensor ce = CrossEntropy.Smoothed(logits, labels);
        Tensor triplet = new BatchHardTriplet().Of(before, labels);
        (ce + triplet).backward();
        float[] losses = golden["train_adam.losses"].ToSingles();
        table.Compare(output, "small_rgasc first losses", losses.AsSpan(0, 2), [ce.item<float>(), triplet.item<float>()], 4e-6, ofScale: true);
        foreach ((string key, TorchSharp.Modules.Parameter parameter) in torchNetwork.named_parameters().Where(p => p.parameter.requires_grad))
        {
            table.Compare(
                output, "small_rgasc first gradients, worst tensor", golden[$"train.grad0.{key}"].ToSingles(), parameter.grad!.Values(), 4e-2, ofScale: true);
        }
    }

    [Fact]
    public void Everything_that_does_not_fit_is_listed_at_once()
    {
        WeightFile file = WeightFile.Read(TestData.Golden("checkpoints", "small_rgasc.safetensors"));
        ReidNetwork network = NetworkRecogniser.Recognise(file);
        OrderedDictionary<string, WeightTensor> tensors = new(file.Tensors);
        tensors.Remove("backbone.conv1.weight");
        tensors.Remove("feat_bn.bias");
        tensors["backbone.bn1.bias"] = WeightTensor.Of([5], new float[5]);
        tensors["backbone.extra"] = WeightTensor.Of([1], new float[1]);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => NetworkWeights.From(network, file with { Tensors = tensors }));

        Assert.Contains("Missing (2): backbone.conv1.weight, feat_bn.bias.", e.Message, StringComparison.Ordinal);
        Assert.Contains("Unexpected (1): backbone.extra.", e.Message, StringComparison.Ordinal);
        Assert.Contains("Wrong shape (1): backbone.bn1.bias [5] instead of [4].", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_input_size_are_refused_with_their_shapes()
    {
        WeightFile file = WeightFile.Read(TestData.Golden("checkpoints", "small_rgasc.safetensors"));

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => NetworkWeights.From(NetworkCatalog.Create("rga-sc-r50"), file));

        Assert.Contains("backbone.conv1.weight [4, 3, 7, 7] instead of [64, 3, 7, 7]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_prefix_of_data_parallel_is_taken_off_and_batch_counts_may_be_missing()
    {
        WeightFile file = WeightFile.Read(TestData.Golden("checkpoints", "small_rgasc.safetensors"));
        ReidNetwork network = NetworkRecogniser.Recognise(file);
        OrderedDictionary<string, WeightTensor> prefixed = [];
        foreach ((string key, WeightTensor tensor) in file.Tensors.Where(t => !t.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
        {
            prefixed.Add("module." + key, tensor);
        }

        WeightFile old = file with { Tensors = prefixed };

        Assert.Equal(network.Name, NetworkRecogniser.Recognise(old).Name);
        Assert.Equal(file.Tensors["backbone.conv1.weight"].ToSingles(), NetworkWeights.From(network, old)["backbone.conv1.weight"].ToSingles());
    }

    [Fact]
    public void A_plain_resnet_starts_the_trunk_and_its_classifier_is_skipped()
    {
        ReidNetwork network = NetworkCatalog.Create("rga-sc-r50", classes: 5);
        IReadOnlyDictionary<string, WeightTensor> trained = NetworkWeights.Seeded(network, seed: 99);
        OrderedDictionary<string, WeightTensor> plain = new() { ["fc.weight"] = WeightTensor.Of([2, 2], new float[4]) };
        foreach ((string key, WeightTensor tensor) in trained.Where(t => t.Key.StartsWith("backbone.", StringComparison.Ordinal) && !t.Key.Contains("rga_att", StringComparison.Ordinal)))
        {
            plain.Add(key["backbone.".Length..], tensor);
        }

        WeightFile file = new("resnet50.pth", "pth (zip)", plain, new Dictionary<string, string>());

        StartingWeights start = StartingWeights.From(network, file, seed: 1);

        Assert.Equal(trained["backbone.layer3.2.conv2.weight"].ToSingles(), start.Weights["backbone.layer3.2.conv2.weight"].ToSingles());
        Assert.Equal(
            NetworkWeights.Seeded(network, seed: 1)["backbone.rga_att1.gg_spatial.0.weight"].ToSingles(),
            start.Weights["backbone.rga_att1.gg_spatial.0.weight"].ToSingles());
        Assert.Equal(["fc.weight"], start.Skipped);
        Assert.Equal(network.Tensors.Count(), start.Taken.Count + start.Untrained.Count);
    }

    [Fact]
    public void Saved_weights_come_back_as_they_were_with_their_network()
    {
        using TemporaryFile file = new("weights.safetensors");
        ReidNetwork network = NetworkCatalog.Create("baseline-compact", 192, 96, classes: 4);
        IReadOnlyDictionary<string, WeightTensor> weights = NetworkWeights.Seeded(network);

        ModelFiles.Save(network, weights, file.Path);
        WeightFile read = WeightFile.Read(file.Path);
        ReidNetwork recognised = NetworkRecogniser.Recognise(read);

        Assert.Equal(("baseline-compact", 192, 96, 4), (recognised.Name, recognised.Height, recognised.Width, recognised.Classifier!.Classes));
        IReadOnlyDictionary<string, WeightTensor> back = NetworkWeights.From(recognised, read);
        Assert.All(weights, w => Assert.True(w.Value.Bytes.Span.SequenceEqual(back[w.Key].Bytes.Span), w.Key));
    }

    [Fact]
    public void Inspection_tells_network_input_and_parameters()
    {
        WeightFacts facts = ModelFiles.Inspect(TestData.Golden("checkpoints", "small_rgasc_legacy.pth"));

        Assert.Equal(("pth (legacy)", "rga-sc-resnet-w4-2-1-2-1", 64, 32, 6), (facts.Container, facts.Network, facts.InputHeight, facts.InputWidth, facts.Classes));
        Assert.Equal(432, facts.Tensors.Count);
        Assert.Null(facts.Problem);
        Assert.True(facts.Parameters > 1000);
    }

    [Fact]
    public void Inspection_of_a_foreign_file_says_that_it_is_no_known_network()
    {
        WeightFacts facts = ModelFiles.Inspect(TestData.Golden("rga", "module_c24_h6_w5_r442_S.safetensors"));

        Assert.Null(facts.Network);
        Assert.Contains("no known network", facts.Problem, StringComparison.Ordinal);
    }

    private static void CompareWithKeys(WeightFile file)
    {
        WeightFile expected = WeightFile.Read(TestData.Golden("checkpoints", "small_rgasc.safetensors"));
        using JsonDocument keys = JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("checkpoints", "small_rgasc_keys.json")));
        Assert.Equal(keys.RootElement.EnumerateArray().Select(k => k[0].GetString()), file.Tensors.Keys);
        foreach ((string key, WeightTensor tensor) in file.Tensors)
        {
            Assert.Equal(expected.Tensors[key].Shape, tensor.Shape);
            Assert.True(expected.Tensors[key].Bytes.Span.SequenceEqual(tensor.Bytes.Span), key);
        }
    }

    private static double[] Flat(JsonElement values) =>
        values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray().SelectMany(Flat)]
        : values.ValueKind is JsonValueKind.True or JsonValueKind.False ? [values.GetBoolean() ? 1 : 0] : [values.GetDouble()];

    private static string TypeName(ElementType type) => type switch
    {
        ElementType.Bool => "bool",
        ElementType.U8 => "uint8",
        ElementType.I8 => "int8",
        ElementType.I16 => "int16",
        ElementType.F16 => "float16",
        ElementType.BF16 => "bfloat16",
        ElementType.I32 => "int32",
        ElementType.F32 => "float32",
        ElementType.F64 => "float64",
        _ => "int64",
    };

    private static (float[] Pooled, float[] Normalised) SmallFeatures(ReidNetwork network, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable plain = no_grad();
        using TorchNetwork torchNetwork = new(network, weights);
        torchNetwork.eval();
        Tensor pooled = torchNetwork.call(tensor(Golden.Images("small/test", 12, 64, 32, block: 8), [12, 3, 64, 32]));
        return (pooled.Values(), torchNetwork.Normalised(pooled).Values());
    }
}
