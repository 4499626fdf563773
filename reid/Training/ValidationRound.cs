using System.Numerics.Tensors;
using Pipeline.Reid.Data;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Reid.Training;

/// <summary>Scores of features by the common protocol: cosine distance, right answers of the query's own camera left out.</summary>
internal static class ValidationRound
{
    /// <summary>Takes the scores.</summary>
    /// <param name="features">A row of L2 norm 1 for each picture of the cache.</param>
    /// <param name="asked">Queries, then gallery, without those that could not be read.</param>
    /// <param name="data">Tells which are queries.</param>
    public static RetrievalMetrics Of(float[] features, PictureCache asked, TrainingData data)
    {
        int length = features.Length / asked.Count;
        HashSet<LabelledPicture> left = [.. data.Query];
        int queries = asked.Pictures.TakeWhile(left.Remove).Count(); // a picture that asks and is asked for counts as a query once
        int gallery = asked.Count - queries;
        float[] distances = new float[checked(queries * gallery)];
        Parallel.For(0, queries, q =>
        {
            for (int g = 0; g < gallery; g++)
            {
                distances[(q * gallery) + g] = 1 - TensorPrimitives.Dot(
                    features.AsSpan(q * length, length), features.AsSpan((queries + g) * length, length));
            }
        });
        (int, int)[] people = [.. asked.Pictures.Select(p => (p.Person, p.Camera))];
        return RetrievalMetrics.Of(distances, people[..queries], people[queries..]);
    }
}
