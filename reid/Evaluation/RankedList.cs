namespace Pipeline.Reid.Evaluation;

/// <summary>An entry of a ranked list.</summary>
/// <param name="Picture">The gallery picture.</param>
/// <param name="Similarity">Cosine.</param>
/// <param name="Right">It shows the person who was asked for.</param>
public sealed record RankedAnswer(EvaluationPicture Picture, float Similarity, bool Right);

/// <summary>What a query found, for the eye.</summary>
/// <param name="Query">The query.</param>
/// <param name="Answers">The first entries of its list, best first; same person and same camera removed, junk too.</param>
/// <param name="FirstRight">Rank of the first right answer in the whole list, from 1; 0 when there is none.</param>
public sealed record RankedList(EvaluationPicture Query, IReadOnlyList<RankedAnswer> Answers, int FirstRight)
{
    /// <summary>Lists of queries taken evenly from all of them, neither the best nor the worst.</summary>
    /// <param name="features">Unit rows, one a picture.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="most">Queries at most.</param>
    /// <param name="top">Answers of each at most.</param>
    public static IReadOnlyList<RankedList> Of(FeatureRows features, IReadOnlyList<EvaluationPicture> pictures, int most, int top)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(pictures);
        int[] queries = [.. pictures.Index().Where(picture => picture.Item.Role != PictureRole.Gallery).Select(picture => picture.Index)];
        int[] gallery = [.. pictures.Index().Where(picture => picture.Item.Role != PictureRole.Query && picture.Item.Person != "-1").Select(picture => picture.Index)];
        int count = Math.Min(most, queries.Length);
        return [.. Enumerable.Range(0, count).Select(i => One(features, pictures, queries[(int)((long)i * queries.Length / count)], gallery, top))];
    }

    private static RankedList One(FeatureRows features, IReadOnlyList<EvaluationPicture> pictures, int query, int[] gallery, int top)
    {
        EvaluationPicture asked = pictures[query];
        RankedAnswer[] ranked =
        [
            .. gallery.Where(entry => pictures[entry].Person != asked.Person || pictures[entry].Camera != asked.Camera)
                .Select(entry => new RankedAnswer(pictures[entry], CosineSearch.Dot(features[query], features[entry]), pictures[entry].Person == asked.Person))
                .OrderByDescending(answer => answer.Similarity),
        ];
        return new RankedList(asked, [.. ranked.Take(top)], Array.FindIndex(ranked, answer => answer.Right) + 1);
    }
}
