using System.Globalization;
using Pipeline.Ingest;
using Pipeline.Reid.Calibrating;
using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>Makes the events of a link (mqtt.md 4.4).</summary>
internal sealed class EventFactory(StoreSetup setup, Guid streamId)
{
    /// <summary>The <c>tracklet</c> event of a closed track.</summary>
    internal EventPayload Tracklet(Link link, SightingPayload to, DateTimeOffset publishedAt, long sequence) =>
        Envelope("tracklet", link, to, publishedAt, sequence);

    /// <summary>The <c>new_identity</c> or <c>match</c> event of a decided tracklet.</summary>
    internal EventPayload Decided(
        Link link, string modelId, SightingPayload? from, SightingPayload to, DateTimeOffset publishedAt, long sequence)
    {
        EventPayload envelope = Envelope(link.IsNew ? "new_identity" : "match", link, to, publishedAt, sequence);
        return envelope with
        {
            ElapsedMs = from is null ? null : to.StartAt.ToUnixTimeMilliseconds() - from.EndAt.ToUnixTimeMilliseconds(),
            From = from,
            Decision = Evidence(link.Decision!, modelId), // a link with an identity has one
        };
    }

    /// <summary>What all events of a change have in common; the writer of the change knows the rest.</summary>
    internal EventPayload Corrected(
        string type, Correction correction, DateTimeOffset at, DateTimeOffset publishedAt, long sequence, string modelId) => new()
    {
        SchemaVersion = EventJson.SchemaVersion,
        EventId = Guid.Empty,
        Sequence = sequence,
        StreamId = streamId,
        Type = type,
        SiteId = setup.Site,
        Camera = null,
        OccurredAt = at,
        PublishedAt = publishedAt,
        Live = false,
        IdentityId = correction.IdentityId,
        Cause = Words.Of(correction.Cause),
        Decision = correction.Decision is { } decision ? Evidence(decision, modelId) : null,
    };

    private EventPayload Envelope(string type, Link link, SightingPayload to, DateTimeOffset publishedAt, long sequence)
    {
        Tracklet tracklet = link.Tracklet;
        bool recorded = tracklet.Camera.Kind == CameraKind.Recorded;
        return new EventPayload
        {
            SchemaVersion = EventJson.SchemaVersion,
            EventId = recorded ? IdOf(type, tracklet) : Guid.CreateVersion7(tracklet.EndAt),
            Sequence = sequence,
            StreamId = streamId,
            Type = type,
            SiteId = setup.Site,
            Camera = tracklet.Camera.Id,
            OccurredAt = tracklet.EndAt,
            PublishedAt = publishedAt,
            Live = !recorded && publishedAt - tracklet.EndAt <= setup.Options.LiveWindow,
            IdentityId = link.IdentityId,
            To = to,
        };
    }

    /// <summary>The same footage processed twice gives the same id (mqtt.md 11.5); the revision counts later conclusions on a tracklet.</summary>
    private Guid IdOf(string type, Tracklet tracklet) => ContentId.Create(
        tracklet.EndAt,
        setup.Site,
        tracklet.Camera.Id,
        tracklet.MediaDigest,
        tracklet.Ordinal.ToString(CultureInfo.InvariantCulture),
        type,
        "0");

    private DecisionPayload Evidence(Decision decision, string modelId)
    {
        Calibration? calibration = setup.Calibration?.ModelId == modelId ? setup.Calibration : null;
        Candidate? judged = decision.Candidates.FirstOrDefault(c => c.Verdict == Verdict.Accepted) ?? (decision.Candidates.Count > 0 ? decision.Candidates[0] : null);
        return new DecisionPayload
        {
            Similarity = Rounding.Four(decision.Similarity),
            Threshold = Rounding.Four(decision.Threshold),
            Margin = Rounding.Four(decision.Margin),
            Probability = Rounding.Four(calibration is null ? null : judged?.Probability),
            Calibrated = calibration is not null,
            CalibrationId = calibration?.Id,
            FalseMatchRate = calibration is null ? null : Math.Round(calibration.FalseMatchRate(decision.Threshold), 6),
            Band = Words.Of(decision.Band),
            ModelId = modelId,
            GallerySize = decision.GallerySize,
            Candidates =
            [
                .. decision.Candidates.Take(5).Select(c => new CandidatePayload(
                    c.IdentityId, Rounding.Four(c.Similarity), Rounding.Four(c.Probability), c.TrackletId, Words.Of(c.Verdict))),
            ],
        };
    }
}
