using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;

namespace Pipeline.Tests.Reid;

public sealed class NetworkRecogniserTests
{
    [Fact]
    public void Recognise_names_file_and_key_where_the_one_that_tells_the_network_is_missing()
    {
        OrderedDictionary<string, WeightTensor> tensors = new() { ["backbone.layer4.0.conv1.weight"] = WeightTensor.Of([1], [0f]) };
        WeightFile file = new("site/rga.pth", "memory", tensors, new Dictionary<string, string>());

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => NetworkRecogniser.Recognise(file));

        Assert.StartsWith("site/rga.pth: backbone.conv1.weight is missing", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("Take a checkpoint that holds the whole network.", e.Message, StringComparison.Ordinal);
    }
}
