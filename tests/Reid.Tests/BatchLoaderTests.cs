using System.Diagnostics;
using Pipeline.Reid;
using Pipeline.Reid.Data;
using Xunit.Abstractions;

namespace Pipeline.Tests.Reid;

public sealed class BatchLoaderTests(ITestOutputHelper output)
{
    private static readonly Preprocessing _how = new() { Height = 48, Width = 24 };

    [Fact]
    public void A_cached_picture_is_the_crop_that_evaluation_sees()
    {
        using TemporaryFolder folder = new();
        string path = DataPictures.Write(folder, "a/b/c.jpg", width: 50, height: 70);
        PictureCache cache = PictureCache.Load([new LabelledPicture(path, 1, 1)], 48, 24);
        Preprocessing rows = _how with { Layout = TensorLayout.Nhwc };
        Augmenter augmenter = new(AugmentationOptions.Nothing, rows, 1);
        float[] wanted = new float[augmenter.Length];
        float[] got = new float[augmenter.Length];

        new CropTensor(rows).Write(PictureIo.Read(path), wanted);
        augmenter.Write(cache[0], 0, 0, 0, got);

        Assert.Equal(wanted, got);
    }

    [Fact]
    public void Unreadable_pictures_are_named_and_left_out_up_to_a_share_then_refused()
    {
        using TemporaryFolder folder = new();
        List<LabelledPicture> pictures = DataPictures.People(folder, 2, 5, 1);
        File.WriteAllText(pictures[3].Path, "no picture");
        File.Delete(pictures[7].Path);
        OddFile.Pipe(pictures[7].Path);
        File.Delete(pictures[8].Path);

        PictureCache cache = PictureCache.Load(pictures, 48, 24, mostUnreadable: 0.3);

        Assert.Equal(7, cache.Count);
        Assert.Equal([0, 1, 2, 4, 5, 6, 9], cache.Pictures.Select(p => pictures.IndexOf(p)));
        Assert.Equal(3, cache.Skipped.Count);
        Assert.StartsWith($"'{pictures[3].Path}': ", cache.Skipped[0], StringComparison.Ordinal);
        Assert.True(cache[6].SequenceEqual(PictureCache.Load([pictures[9]], 48, 24)[0]));

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => PictureCache.Load(pictures, 48, 24, threads: 1));
        Assert.Contains("cannot be read; up to 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains(pictures[3].Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("no pictures", Assert.Throws<InvalidDataException>(() => PictureCache.Load([], 48, 24)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_are_the_same_bytes_whatever_the_threads()
    {
        using TemporaryFolder folder = new();
        PictureCache cache = PictureCache.Load(DataPictures.People(folder, 6, 4, 2), 48, 24, 6, 3);

        List<(int Epoch, int Step, float[] Images, long[] Labels, int[] Pictures)> one = Read(1, 1);
        List<(int Epoch, int Step, float[] Images, long[] Labels, int[] Pictures)> four = Read(4, 3);

        Assert.Equal([(2, 0), (2, 1), (3, 0), (3, 1)], one.Select(b => (b.Epoch, b.Step)));
        Assert.All(one.Zip(four), pair =>
        {
            Assert.Equal(pair.First.Images, pair.Second.Images);
            Assert.Equal(pair.First.Pictures, pair.Second.Pictures);
            Assert.Equal(pair.First.Labels, pair.Second.Labels);
            Assert.Equal(9 * 48 * 24 * 3, pair.First.Images.Length);
            Assert.Equal(pair.First.Labels, pair.First.Pictures.Select(p => (long)cache.Pictures[p].Person - 1));
        });

        List<(int, int, float[], long[], int[])> Read(int threads, int ahead)
        {
            List<(int, int, float[], long[], int[])> all = [];
            foreach (TrainingBatch batch in Loader(cache, threads, ahead).Read(2, 2))
            {
                all.Add((batch.Epoch, batch.Step, [.. batch.Images], batch.Labels, batch.Pictures));
                batch.Dispose();
            }

            return all;
        }
    }

    [Fact]
    public void Reading_goes_on_where_it_stopped_and_may_end_at_any_batch()
    {
        using TemporaryFolder folder = new();
        PictureCache cache = PictureCache.Load(DataPictures.People(folder, 6, 4, 2), 48, 24, 6, 3);
        BatchLoader loader = Loader(cache, 2, 2);

        float[] wanted = [.. loader.Read(0, 5).Skip(3).First().Images];

        TrainingBatch batch = loader.Read(1, 100, firstStep: 1).First();
        Assert.Equal((1, 1), (batch.Epoch, batch.Step));
        Assert.Equal(wanted, batch.Images);
        batch.Dispose();
        batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => batch.Images);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => loader.Read(0, 1, cancellationToken: cancelled.Token).Count());
    }

    [Fact]
    public void Parts_that_do_not_fit_each_other_are_refused()
    {
        using TemporaryFolder folder = new();
        PictureCache cache = PictureCache.Load(DataPictures.People(folder, 3, 4, 2), 48, 24, 6, 3);
        int[] labels = PersonLabels.Of(cache.Pictures, out int classes);
        IdentitySampler sampler = new(labels, 3, 3, 1);

        Assert.Equal(3, classes);
        Assert.Throws<ArgumentException>(() => new BatchLoader(cache, labels[1..], sampler, new Augmenter(new(), _how, 1, 6, 3)));
        Assert.Throws<ArgumentException>(() => new BatchLoader(cache, labels, sampler, new Augmenter(new(), _how, 1, 6, 4)));
    }

    [Fact]
    public void Speed_of_loading_is_printed()
    {
        using TemporaryFolder folder = new();
        LabelledPicture[] pictures =
            [.. Enumerable.Range(0, 300).Select(i => new LabelledPicture(folder.Path($"{i}.jpg"), i, 1))];
        foreach ((int i, LabelledPicture picture) in pictures.Index())
        {
            (byte B, byte G, byte R) top = ((byte)(i * 7), (byte)(i * 3), (byte)i);
            File.WriteAllBytes(picture.Path, PictureIo.ToJpeg(Pictures.Person(128, 256, top, (90, 40, 20))));
        }

        PictureCache.Load(pictures, 192, 96, 24, 12, 1);
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        PictureCache cache = PictureCache.Load(pictures, 192, 96, 24, 12, 1);
        double seconds = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;

        output.WriteLine($"{300 / seconds:0} JPEG pictures of 256x128 a second decoded and resized to 216x108 on one core");
        Assert.Equal(300, cache.Count);
    }

    private static BatchLoader Loader(PictureCache cache, int threads, int ahead)
    {
        int[] labels = PersonLabels.Of(cache.Pictures, out _);
        return new BatchLoader(cache, labels, new IdentitySampler(labels, 3, 3, 4), new Augmenter(AugmenterTests.Everything(), _how, 4, 6, 3), threads, ahead);
    }
}
