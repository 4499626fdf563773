using System.Text.Json;
using Pipeline.Reid;
using Pipeline.Reid.Data;

namespace Pipeline.Tests.Reid;

public sealed class ClipSamplerTests
{
    private static readonly JsonElement _golden = JsonDocument.Parse(File.ReadAllText(TestData.Golden("temporal", "clip_sampling.json"))).RootElement;

    [Fact]
    public void Evenly_gives_the_lists_of_the_reference() =>
        Assert.All(_golden.GetProperty("evenly").EnumerateArray(), c => Assert.Equal(Ints(c, "clip"), ClipSampler.Evenly(Int(c, "num"), Int(c, "seq_len"))));

    [Fact]
    public void Dense_gives_the_lists_of_the_reference() =>
        Assert.All(
            _golden.GetProperty("dense").EnumerateArray(),
            c => Assert.Equal(c.GetProperty("clips").EnumerateArray().Select(Ints), ClipSampler.Dense(Int(c, "num"), Int(c, "seq_len"))));

    [Fact]
    public void Consecutive_gives_the_lists_of_the_reference() =>
        Assert.All(_golden.GetProperty("random").EnumerateArray(), c =>
        {
            Assert.Equal(Int(c, "begin_max_inclusive"), ClipSampler.LastBegin(Int(c, "num"), Int(c, "seq_len")));
            Assert.Equal(Ints(c, "clip"), ClipSampler.Consecutive(Int(c, "num"), Int(c, "seq_len"), Int(c, "begin")));
        });

    [Fact]
    public void Impossible_numbers_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ClipSampler.Dense(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClipSampler.Evenly(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClipSampler.Consecutive(9, 4, 5));
    }

    [Fact]
    public void Tracklets_are_made_of_person_camera_and_number_in_frame_order()
    {
        LabelledPicture[] pictures = [new("a", 2, 1, 1, 9), new("b", 1, 1, 2, 3), new("c", 2, 1, 1, 4), new("d", 1, 2, 1, 1), new("e", 1, 1, 1, 1)];

        IReadOnlyList<PictureTracklet> tracklets = PictureTracklet.Of(pictures);

        Assert.Equal([(1, 1), (1, 1), (1, 2), (2, 1)], tracklets.Select(t => (t.Person, t.Camera)));
        Assert.Equal([[4], [1], [3], [2, 0]], tracklets.Select(t => t.Pictures.ToArray()));
    }

    [Fact]
    public void Clips_are_consecutive_pictures_of_one_tracklet_the_same_whatever_the_threads()
    {
        using TemporaryFolder folder = new();
        LabelledPicture[] pictures =
        [
            .. from person in Enumerable.Range(1, 3)
               from camera in Enumerable.Range(1, 2)
               from frame in Enumerable.Range(0, 7)
               select new LabelledPicture(
                   DataPictures.Write(folder, $"{person}/{camera}/{frame}.jpg", (100 * person) + (10 * camera) + frame), person, camera, 1, frame),
        ];
        PictureCache cache = PictureCache.Load(pictures, 48, 24, 6, 3);

        List<(long[] Labels, int[] Pictures, float[] Images)> one = Read(1);
        List<(long[] Labels, int[] Pictures, float[] Images)> three = Read(3);

        Assert.Equal(4, one.Count); // two epochs, of two steps each
        Assert.Equal(one.Select(b => b.Pictures), three.Select(b => b.Pictures));
        Assert.Equal(one.Select(b => b.Images), three.Select(b => b.Images));
        foreach ((long[] labels, int[] chosen, float[] images) in one)
        {
            Assert.Equal(3 * 2 * 4 * 48 * 24 * 3, images.Length);
            Assert.All(chosen.Chunk(4).Zip(labels), clip =>
            {
                Assert.Equal([0, 1, 2, 3], clip.First.Select(p => p - clip.First[0])); // seven pictures hold a clip of four
                Assert.InRange(clip.First[0] % 7, 0, 2);
                Assert.Equal(clip.Second, clip.First[0] / 14);
            });
            Assert.All(chosen.Chunk(8), clips => Assert.NotEqual(clips[0] / 7, clips[4] / 7)); // one clip of each camera
        }

        List<(long[], int[], float[])> Read(int threads)
        {
            IReadOnlyList<PictureTracklet> tracklets = PictureTracklet.Of(cache.Pictures);
            int[] labels = [.. tracklets.Select(t => t.Person - 1)];
            IdentitySampler sampler = new(labels, 3, 2, 5, cameras: [.. tracklets.Select(t => t.Camera)], steps: 2);
            Augmenter augmenter = new(new AugmentationOptions(), new Preprocessing { Height = 48, Width = 24 }, 6, 6, 3);
            List<(long[], int[], float[])> all = [];
            foreach (TrainingBatch batch in new ClipLoader(cache, tracklets, labels, sampler, 4, augmenter, 7, threads).Read(0, 2))
            {
                using (batch)
                {
                    all.Add((batch.Labels, batch.Pictures, [.. batch.Images]));
                }
            }

            return all;
        }
    }

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static int[] Ints(JsonElement element, string name) => Ints(element.GetProperty(name));

    private static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetInt32())];
}
