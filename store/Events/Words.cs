using Pipeline.Ingest;
using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>Enumerations as mqtt.md writes them.</summary>
internal static class Words
{
    internal static string Of(TimeSource source) => source switch
    {
        TimeSource.Sidecar => "sidecar",
        TimeSource.FileName => "file_name",
        TimeSource.Container => "container",
        TimeSource.Order => Order,
        TimeSource.Rtcp => "rtcp",
        TimeSource.Arrival => "arrival",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "not a time source"),
    };

    internal static string Of(Band band) => band switch
    {
        Band.Accept => "accept",
        Band.Reject => "reject",
        Band.Uncertain => "uncertain",
        _ => throw new ArgumentOutOfRangeException(nameof(band), band, "not a band"),
    };

    internal static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Accepted => "accepted",
        Verdict.BelowThreshold => "below_threshold",
        Verdict.SmallMargin => "small_margin",
        Verdict.ImpossibleTransit => "impossible_transit",
        Verdict.SameCameraOverlap => "same_camera_overlap",
        Verdict.OperatorRejected => "operator_rejected",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "not a verdict"),
    };

    internal static string Of(CorrectionKind kind) => kind switch
    {
        CorrectionKind.Merged => "merged",
        CorrectionKind.Reassigned => "reassigned",
        CorrectionKind.Split => "split",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of correction"),
    };

    internal static string Of(CorrectionCause cause) => cause switch
    {
        CorrectionCause.LateEvidence => "late_evidence",
        CorrectionCause.ReEvaluation => "re_evaluation",
        CorrectionCause.Operator => "operator",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "not a cause"),
    };

    internal static string Of(CameraKind kind) => kind switch
    {
        CameraKind.Recorded => "recorded",
        CameraKind.Live => "live",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a camera kind"),
    };

    /// <summary>The time source without a clock.</summary>
    internal const string Order = "order";
}
