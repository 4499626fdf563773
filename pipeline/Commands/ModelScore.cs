using System.Globalization;
using Pipeline.Cli.Terminal;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Cli.Commands;

/// <summary>What an evaluation found of one model.</summary>
/// <param name="Model">As the user named it.</param>
/// <param name="ModelId">Its name and digest.</param>
/// <param name="Mirror">Mirror images were embedded too.</param>
/// <param name="Pictures">Pictures used.</param>
/// <param name="LeftOut">Pictures left out.</param>
/// <param name="ReRanked">Lists were re-ranked.</param>
/// <param name="Scores">By protocol and direction.</param>
/// <param name="OpenSet">False matches against misses; null when not asked for.</param>
/// <param name="Lists">Lists to look at; none when not asked for.</param>
internal sealed record ModelScore(
    string Model, string ModelId, bool Mirror, int Pictures, int LeftOut, bool ReRanked, IReadOnlyList<ProtocolScore> Scores, OpenSetReport? OpenSet,
    IReadOnlyList<RankedList> Lists)
{
    /// <summary>Each camera's mean was taken off its features (<see cref="CameraCentring"/>).</summary>
    public bool CamerasCentred { get; init; }

    /// <summary>For machines: the first protocol's measures at the top, all of them behind.</summary>
    /// <param name="data">The folder.</param>
    public object Record(string data)
    {
        RetrievalMetrics? first = Scores.Count > 0 ? Scores[0].Metrics : null;
        return new
        {
            type = "reid_score",
            model = Model,
            model_id = ModelId,
            mirror = Mirror,
            re_ranked = ReRanked,
            cameras_centred = CamerasCentred,
            data,
            pictures = Pictures,
            left_out = LeftOut,
            protocol = Scores.Count > 0 ? NameOf(Scores[0]) : null,
            direction = Scores.Count > 0 ? Scores[0].Direction : null,
            rank1 = first?.Rank(1),
            rank5 = first?.Rank(5),
            rank10 = first?.Rank(10),
            map = first?.MeanAveragePrecision,
            minp = first?.MeanInversePenalty,
            protocols = Scores.Select(score => new
            {
                protocol = NameOf(score),
                direction = score.Direction,
                queries = score.Metrics.TotalQueries,
                valid_queries = score.Metrics.ValidQueries,
                gallery = score.Gallery,
                rank1 = Finite(score.Metrics.Rank(1)),
                rank5 = Finite(score.Metrics.Rank(5)),
                rank10 = Finite(score.Metrics.Rank(10)),
                map = Finite(score.Metrics.MeanAveragePrecision),
                map_trapezoid = Finite(score.Metrics.MeanTrapezoidPrecision),
                minp = Finite(score.Metrics.MeanInversePenalty),
            }),
            half_enrolled = OpenSet?.Halves.Where(half => half.Ways > 0),
            open_set = OpenSet?.Points.Select(point => new { rate = point.Rate, at = point.At, refusal = point.Refusal }),
        };
    }

    /// <summary>For people: a column a model, a row a measure.</summary>
    /// <param name="models">The models; all scored by the same protocols.</param>
    public static DataTable Table(IReadOnlyList<ModelScore> models)
    {
        DataTable table = new(["protocol", "who asks", "measure", .. models.Select(model => Path.GetFileNameWithoutExtension(model.Model) + (model.Mirror ? " + mirror" : "") + (model.CamerasCentred ? ", centred" : ""))]);
        (string Name, Func<RetrievalMetrics, double> Of)[] measures =
            [("rank-1", m => m.Rank(1)), ("rank-5", m => m.Rank(5)), ("rank-10", m => m.Rank(10)), ("mAP", m => m.MeanAveragePrecision), ("mINP", m => m.MeanInversePenalty)];
        for (int i = 0; i < models[0].Scores.Count; i++)
        {
            ProtocolScore score = models[0].Scores[i];
            foreach ((string name, Func<RetrievalMetrics, double> of) in measures)
            {
                string[] values = [.. models.Select(model => (100 * of(model.Scores[i].Metrics)).ToString("0.0", CultureInfo.InvariantCulture) + " %")];
                bool top = name == measures[0].Name;
                table.Add([top ? NameOf(score) : "", top ? score.Direction : "", name, .. values]);
            }
        }

        return table;
    }

    /// <summary>The protocol's word on the command line.</summary>
    /// <param name="score">A score.</param>
    public static string NameOf(ProtocolScore score) => score.Protocol.ToString().ToLowerInvariant();

    // JSON has no NaN; a protocol without a valid query has no measure.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
