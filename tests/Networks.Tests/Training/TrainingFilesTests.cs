using Pipeline.Reid;
using Pipeline.Reid.Training;

namespace Pipeline.Tests.Networks;

[Collection("parity")]
public sealed class TrainingFilesTests : IDisposable
{
    private readonly Toy _toy = new();

    public void Dispose() => _toy.Dispose();

    [Fact]
    public void A_disk_that_is_full_in_the_middle_of_a_save_leaves_the_file_before()
    {
        string path = _toy.In("checkpoint");
        File.WriteAllText(path, "before");

        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100]);
            throw new IOException("No space left on device");
        }));

        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_toy.In()));
    }

    [Fact]
    public void A_checkpoint_that_a_kill_cut_short_is_another_file_and_the_one_before_is_read()
    {
        string path = _toy.In(TrainingCheckpoint.FileName);
        TrainingCheckpoint checkpoint = new(new TrainingPosition(1, 20, 3, 4, TimeSpan.FromMinutes(5)), new Dictionary<string, string> { ["seed"] = "1" }, new byte[] { 1, 2, 3 });
        checkpoint.Save(path);
        File.WriteAllBytes(path + ".4711.partial", File.ReadAllBytes(path)[..50]);

        TrainingCheckpoint read = TrainingCheckpoint.Read(path);

        Assert.Equal(checkpoint.Position, read.Position);
        Assert.Equal(checkpoint.State.ToArray(), read.State.ToArray());
        Assert.Equal(checkpoint.Recipe, read.Recipe);
    }

    [Fact]
    public void A_set_with_queries_and_a_gallery_only_is_never_learned_from()
    {
        File.WriteAllLines(_toy.In("data", "manifest.csv"), ["file,role,person,camera", "1/1/0.jpg,query,1,1", "1/2/0.jpg,gallery,1,2"]);

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => _toy.Open(Toy.Recipe));

        Assert.Contains("never learned from", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_people_than_a_batch_takes_are_refused_before_anything_is_read()
    {
        InvalidDataException refused = Assert.Throws<InvalidDataException>(
            () => _toy.Open(Toy.Recipe with { Batch = new BatchRecipe { People = 5, Pictures = 2 }, Validation = new ValidationRecipe { People = 2 } }));

        Assert.Contains("6 people to learn from, but a batch takes 5, and 2 are held out for validation. Give more people, or lower batch.people or validation.people.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_published_set_of_which_something_is_missing_is_told()
    {
        foreach (string folder in (string[])["bounding_box_train", "query", "bounding_box_test"])
        {
            Directory.CreateDirectory(_toy.In("Market-1501", folder));
        }

        foreach (int person in Enumerable.Range(1, 6))
        {
            foreach (int camera in (int[])[1, 2])
            {
                File.Copy(_toy.In("data", $"{person}", $"{camera}", "0.jpg"), _toy.In("Market-1501", "bounding_box_train", $"000{person}_c{camera}s1_000451_01.jpg"));
            }
        }

        TrainingData data = TrainingData.Open([_toy.In("Market-1501")], "auto", null, Toy.Recipe with { Validation = new ValidationRecipe { People = 0 } });

        Assert.Contains(data.Notices, notice => notice.EndsWith("train: Market-1501 has 12936 pictures, got 12. Unpack the set again.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_single_camera_is_told_and_cannot_be_validated_on()
    {
        using Toy one = new(cameras: 1);

        TrainingData data = one.Open(Toy.Recipe);
        InvalidDataException refused = Assert.Throws<InvalidDataException>(
            () => one.Open(Toy.Recipe with { Validation = new ValidationRecipe { People = 2 } }));

        Assert.Contains(data.Notices, n => n.Contains("two cameras", StringComparison.Ordinal));
        Assert.Contains("nobody is seen by two cameras", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sets_are_numbered_on()
    {
        using Toy other = new(people: 3);

        TrainingData both = TrainingData.Open([_toy.Data, other.Data], "auto", null, Toy.Recipe);

        Assert.Equal(9, both.Train.Select(p => p.Person).Distinct().Count());
        Assert.Equal(4, both.Train.Select(p => p.Camera).Distinct().Count());
    }

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0.05, 0.9938)]
    [InlineData(0.5, 0.5)]
    [InlineData(1, 0)]
    public void A_cosine_climbs_and_falls_to_nothing(double progress, double share) =>
        Assert.Equal(share, new ScheduleRecipe { WarmUp = 0.05 }.Share(0, progress), 4);
}
