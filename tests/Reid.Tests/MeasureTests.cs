using System.Diagnostics;
using Pipeline.Reid;
using Pipeline.Reid.Data;
using Pipeline.Reid.Evaluation;
using Xunit.Abstractions;

namespace Pipeline.Tests.Reid;

/// <summary>What the default model is worth on real people; the numbers are printed.</summary>
public sealed class MeasureTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void The_colour_layout_is_far_above_plain_stripes_on_real_people_in_two_cameras()
    {
        string folder = TestData.Shared("data", "people", "pku");
        using ColourEmbedder embedder = new();

        (RetrievalMetrics picture, RetrievalMetrics back, double hard, RetrievalMetrics clip) = Pku(folder, embedder);

        Assert.True(picture.Cmc[0] > 0.5, $"rank-1 {picture.Cmc[0]:P1}, plain stripes have 23.0 %");
        Assert.True(picture.MeanAveragePrecision > 0.4, $"mAP {picture.MeanAveragePrecision:P1}, plain stripes have 18.2 %");
        Assert.True(back.Cmc[0] > 0.52);
        Assert.True(hard > 0.2);
        Assert.True(clip.Cmc[0] > 0.7);
    }

    [SkippableTheory]
    [InlineData("corridor_2cam", 3, 5)]
    [InlineData("vtest", 10, 19)]
    public void Clips_of_one_person_are_more_alike_than_clips_of_two(string scene, int persons, int tracklets)
    {
        MarsFolder folder = MarsFolder.Read(TestData.Shared("data", "recordings", "mars_clips", scene));
        using ColourEmbedder embedder = new();

        (float[] same, float[] different) = Clips(folder, embedder);

        Assert.Equal(tracklets, folder.Tracklets.Count);
        Assert.Equal(persons, folder.Tracklets.Select(t => t.Pid).Distinct().Count());
        Assert.Empty(folder.Problems);
        output.WriteLine(Distribution($"{scene} colour", same, different));
        foreach (float threshold in (float[])[0.7f, 0.75f, 0.78f, embedder.DefaultThreshold, 0.85f, 0.88f, 0.9f])
        {
            output.WriteLine($"  at {threshold}: same kept {same.Count(s => s >= threshold)}/{same.Length}, different {different.Count(s => s >= threshold)}/{different.Length}");
        }

        Assert.True(Auc(same, different) > 0.93);
    }

    [SkippableTheory]
    [InlineData("osnet_x0_25_msmt17")]
    [InlineData("retail_0287_nhwc")]
    [InlineData("retail_0288_nhwc")]
    [InlineData("retail_0288_ir")]
    [InlineData("prototype_rendered_128x64")]
    public void Networks_tell_the_clips_apart_at_their_shipped_thresholds(string model)
    {
        using OnnxEmbedder embedder = OnnxEmbedderTests.Open(model);
        foreach (string scene in (string[])["corridor_2cam", "vtest"])
        {
            (float[] same, float[] different) = Clips(MarsFolder.Read(TestData.Shared("data", "recordings", "mars_clips", scene)), embedder);
            output.WriteLine(Distribution($"{scene} {model}", same, different));
            output.WriteLine($"  at {embedder.DefaultThreshold}: same kept {same.Count(s => s >= embedder.DefaultThreshold)}/{same.Length}, different {different.Count(s => s >= embedder.DefaultThreshold)}/{different.Length}");
            Assert.True(Auc(same, different) > 0.9);
            Assert.True(same.Count(s => s >= embedder.DefaultThreshold) >= same.Length - 1);
            Assert.True(different.Count(s => s >= embedder.DefaultThreshold) <= different.Length / 12);
        }
    }

    [SkippableFact]
    public void At_its_threshold_the_colour_layout_joins_the_two_cameras_of_the_corridor_without_a_wrong_link()
    {
        MarsFolder folder = MarsFolder.Read(TestData.Shared("data", "recordings", "mars_clips", "corridor_2cam"));
        using ColourEmbedder embedder = new();

        (float[] same, float[] different) = Clips(folder, embedder);

        Assert.All(same, s => Assert.InRange(s, embedder.DefaultThreshold, 1.001));
        Assert.All(different, d => Assert.InRange(d, -1, embedder.DefaultThreshold - 0.1));
    }

    private static (float[] Same, float[] Different) Clips(MarsFolder folder, IEmbedder embedder)
    {
        List<(int Pid, float[] Feature)> features = [];
        foreach (MarsTracklet tracklet in folder.Tracklets)
        {
            int count = Math.Min(8, tracklet.Paths.Count); // as many as the tracker keeps, spread over the track
            Crop[] crops = [.. Enumerable.Range(0, count).Select(i => new Crop(
                PictureIo.Read(tracklet.Paths[count == 1 ? 0 : i * (tracklet.Paths.Count - 1) / (count - 1)]), DateTimeOffset.UnixEpoch, 0.5f))];
            float[] embeddings = new float[count * embedder.Dimension];
            float[] feature = new float[embedder.Dimension];
            embedder.Embed([.. crops.Select(c => c.Picture)], embeddings);
            Assert.Equal(count, ClipFeatures.Pool(embeddings, crops, ClipPooling.Mean, feature));
            Assert.True(TemporalPooling.TryFinish(feature));
            features.Add((tracklet.Pid, feature));
        }

        var pairs = (from a in features.Index() from b in features.Index() where a.Index < b.Index
                     select (Same: a.Item.Pid == b.Item.Pid, Similarity: CosineSearch.Dot(a.Item.Feature, b.Item.Feature))).ToArray();
        return ([.. pairs.Where(p => p.Same).Select(p => p.Similarity).Order()], [.. pairs.Where(p => !p.Same).Select(p => p.Similarity).Order()]);
    }

    private static string Distribution(string name, float[] same, float[] different) => FormattableString.Invariant(
        $"{name}: same n {same.Length} min {same[0]:f2} p10 {same[same.Length / 10]:f2} p25 {same[same.Length / 4]:f2} median {same[same.Length / 2]:f2}; different n {different.Length} median {different[different.Length / 2]:f2} p90 {different[different.Length * 9 / 10]:f2} p95 {different[different.Length * 95 / 100]:f2} max {different[^1]:f2}; AUC {Auc(same, different):f3}");

    private static double Auc(float[] same, float[] different) =>
        same.Sum(s => different.Count(d => d < s)) / ((double)same.Length * different.Length);

    private (RetrievalMetrics Picture, RetrievalMetrics Back, double Hard, RetrievalMetrics Clip) Pku(string folder, ColourEmbedder embedder)
    {
        string[][] rows = [.. File.ReadLines(Path.Combine(folder, "manifest.csv")).Skip(1).Select(l => l.Split(','))];
        Picture[] pictures = [.. rows.Select(r => PictureIo.Read(Path.Combine(folder, r[0])))];
        int length = embedder.Dimension;
        float[] features = new float[rows.Length * length];
        Stopwatch watch = Stopwatch.StartNew();
        embedder.Embed(pictures, features);
        double perCrop = watch.Elapsed.TotalMilliseconds / rows.Length;
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.True(TemporalPooling.TryFinish(features.AsSpan(i * length, length)));
        }

        (int Pid, int Camera, int View)[] labels = [.. rows.Select(r => (int.Parse(r[2][1..], null), r[3] == "c1" ? 1 : 2, r[0][^5] - '0'))];
        int[] first = [.. Enumerable.Range(0, rows.Length).Where(i => labels[i].Camera == 1)];
        int[] second = [.. Enumerable.Range(0, rows.Length).Where(i => labels[i].Camera == 2)];
        RetrievalMetrics picture = Ask(first, second);
        RetrievalMetrics back = Ask(second, first);
        (double hard, double hardPrecision) = AskHard();
        RetrievalMetrics clip = Clip();
        output.WriteLine(FormattableString.Invariant(
            $"pku {embedder.ModelId} D {length}, {perCrop:f2} ms a crop: picture rank-1/5/mAP {100 * picture.Cmc[0]:f1}/{100 * picture.Cmc[4]:f1}/{100 * picture.MeanAveragePrecision:f1}, back {100 * back.Cmc[0]:f1}/{100 * back.Cmc[4]:f1}/{100 * back.MeanAveragePrecision:f1}, hard {100 * hard:f1}/{100 * hardPrecision:f1}, clip rank-1/5 {100 * clip.Cmc[0]:f1}/{100 * clip.Cmc[4]:f1}"));
        return (picture, back, hard, clip);

        RetrievalMetrics Ask(int[] queries, int[] gallery)
        {
            float[] distances = [.. from q in queries from g in gallery
                                    select 1 - CosineSearch.Dot(features.AsSpan(q * length, length), features.AsSpan(g * length, length))];
            return RetrievalMetrics.Of(distances, [.. queries.Select(i => (labels[i].Pid, labels[i].Camera))], [.. gallery.Select(i => (labels[i].Pid, labels[i].Camera))]);
        }

        // Right answers from the other side only: the rest of them count as of the query's camera, which removes them.
        (double Rank1, double MeanPrecision) AskHard()
        {
            RetrievalMetrics[] byView = [.. Enumerable.Range(1, 8).Select(view =>
            {
                int[] queries = [.. first.Where(i => labels[i].View == view)];
                float[] distances = [.. from q in queries from g in second
                                        select 1 - CosineSearch.Dot(features.AsSpan(q * length, length), features.AsSpan(g * length, length))];
                return RetrievalMetrics.Of(
                    distances,
                    [.. queries.Select(i => (labels[i].Pid, 1))],
                    [.. second.Select(i => (labels[i].Pid, Math.Abs(labels[i].View - view) is >= 3 and <= 5 ? 2 : 1))]);
            })];
            return (byView.Average(m => m.Cmc[0]), byView.Average(m => m.MeanAveragePrecision));
        }

        RetrievalMetrics Clip()
        {
            int[] persons = [.. labels.Select(l => l.Pid).Distinct().Order()];
            float[] Mean(int person, int camera)
            {
                float[] mean = new float[length];
                TemporalPooling.Average(
                    Enumerable.Range(0, rows.Length).Where(i => labels[i].Pid == person && labels[i].Camera == camera)
                        .SelectMany(i => features[(i * length)..((i + 1) * length)]).ToArray(), mean);
                Assert.True(TemporalPooling.TryFinish(mean));
                return mean;
            }

            float[] distances = [.. from q in persons.Select(p => Mean(p, 1)).ToArray() from g in persons.Select(p => Mean(p, 2)).ToArray() select 1 - CosineSearch.Dot(q, g)];
            return RetrievalMetrics.Of(distances, [.. persons.Select(p => (p, 1))], [.. persons.Select(p => (p, 2))]);
        }
    }
}
