using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>Writes one group within one transaction.</summary>
internal sealed class CommitWriter(SqliteConnection connection, SqliteTransaction transaction, StoreSetup setup, RunRecord run, CropFolder crops)
{
    private readonly string _runId = run.Id.ToString();
    private readonly DateTimeOffset _now = setup.Clock.GetUtcNow();

    /// <summary>The links whose tracklets the store has never seen.</summary>
    internal IReadOnlyList<Link> Fresh(IReadOnlyList<Link> links) =>
    [
        .. links.DistinctBy(link => link.Tracklet.Id).Where(link => connection.ExecuteScalar<long>(
            """
            SELECT EXISTS (SELECT 1 FROM tracklets WHERE id = @id) OR EXISTS (SELECT 1 FROM forgotten WHERE tracklet_id = @id)
            """,
            new { id = link.Tracklet.Id.ToString() },
            transaction) == 0),
    ];

    /// <summary>Writes links and checkpoints.</summary>
    /// <param name="links">The new ones of the group.</param>
    /// <param name="group">The group.</param>
    /// <param name="factory">Makes the events.</param>
    /// <param name="lastSequence">Sequence of the newest event so far.</param>
    /// <returns>The events written.</returns>
    internal List<StoredEvent> Write(IReadOnlyList<Link> links, LinkGroup group, EventFactory factory, long lastSequence)
    {
        List<StoredEvent> events = [];
        foreach (Link link in links)
        {
            WriteCamera(link.Tracklet.Camera);
            WriteTracklet(link);
            if (link.IdentityId is { } identity)
            {
                WriteIdentity(link, identity);
            }

            events.AddRange(WriteEvents(link, factory, lastSequence + events.Count));
            WriteBeside(link.Tracklet);
        }

        CorrectionWriter corrections = new(connection, transaction, setup, factory, run.ModelId);
        events.AddRange(corrections.Apply(group.Corrections, group.At, _now, lastSequence + events.Count).Select(WriteEvent));
        corrections.Write(group.PrototypeSets);
        if (group.Learned is { } state)
        {
            connection.Execute(
                "INSERT INTO learned (model_id, state) VALUES (@ModelId, @state) ON CONFLICT (model_id) DO UPDATE SET state = excluded.state",
                new { run.ModelId, state },
                transaction);
        }

        NoteSequence(events);

        foreach (SegmentCheckpoint checkpoint in group.Checkpoints)
        {
            WriteCheckpoint(checkpoint);
        }

        foreach (CameraFinished finished in group.Finished)
        {
            WriteCamera(finished.Camera);
            connection.Execute(
                "INSERT OR IGNORE INTO cameras_finished (run_id, camera, at) VALUES (@run, @camera, @at)",
                new { run = _runId, camera = finished.Camera.Id, at = StoreTime.Text(finished.At) },
                transaction);
        }

        return events;
    }

    /// <summary>Writes events of changes that a person made.</summary>
    /// <param name="payloads">The events.</param>
    internal List<StoredEvent> Write(IReadOnlyList<EventPayload> payloads)
    {
        List<StoredEvent> events = [.. payloads.Select(WriteEvent)];
        NoteSequence(events);
        return events;
    }

    private void NoteSequence(List<StoredEvent> events)
    {
        if (events.Count > 0)
        {
            connection.Execute(
                "UPDATE meta SET value = @last WHERE key = 'last_sequence'",
                new { last = events[^1].Sequence.ToString(CultureInfo.InvariantCulture) },
                transaction);
        }
    }

    // They were in view together, which their times do not tell: kept, so that nobody ever takes them for one person.
    private void WriteBeside(Tracklet tracklet) => connection.Execute(
        """
        INSERT INTO link_constraints (kind, one, other) SELECT 'apart', @id, @beside WHERE EXISTS (SELECT 1 FROM tracklets WHERE id = @beside)
        """,
        tracklet.Beside.Select(beside => new { id = tracklet.Id.ToString(), beside = beside.ToString() }),
        transaction);

    private void WriteCamera(Camera camera) => connection.Execute(
        """
        INSERT INTO cameras (id, name, kind) VALUES (@Id, @Name, @kind)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind WHERE name <> excluded.name OR kind <> excluded.kind
        """,
        new { camera.Id, camera.Name, kind = Words.Of(camera.Kind) },
        transaction);

    private void WriteTracklet(Link link)
    {
        Tracklet tracklet = link.Tracklet;
        List<CropRow> kept = WriteCropFiles(tracklet);
        connection.Execute(
            """
            INSERT INTO tracklets (id, run_id, camera, track_number, start_at, end_at, time_source, source_kind, source_ref, offset_ms,
                media_digest, ordinal, box_x, box_y, box_width, box_height, box_at, frame_width, frame_height, detections, frames, quality,
                best_crop, stored_at, entry_x, entry_y, exit_x, exit_y)
            VALUES (@id, @run, @camera, @Number, @startAt, @endAt, @timeSource, @Kind, @Ref, @offsetMs,
                @MediaDigest, @Ordinal, @X, @Y, @Width, @Height, @boxAt, @FrameWidth, @FrameHeight, @Detections, @FeatureFrames, @Quality,
                @bestCrop, @storedAt, @entryX, @entryY, @exitX, @exitY)
            """,
            new
            {
                id = tracklet.Id.ToString(),
                run = _runId,
                camera = tracklet.Camera.Id,
                tracklet.Number,
                startAt = StoreTime.Text(tracklet.StartAt),
                endAt = StoreTime.Text(tracklet.EndAt),
                timeSource = Words.Of(tracklet.Segment.TimeSource),
                tracklet.Segment.Kind,
                tracklet.Segment.Ref,
                offsetMs = (long)Math.Round(tracklet.Offset.TotalMilliseconds),
                tracklet.MediaDigest,
                tracklet.Ordinal,
                tracklet.Box.X,
                tracklet.Box.Y,
                tracklet.Box.Width,
                tracklet.Box.Height,
                boxAt = StoreTime.Text(tracklet.BoxAt),
                tracklet.FrameWidth,
                tracklet.FrameHeight,
                tracklet.Detections,
                link.FeatureFrames,
                tracklet.Quality,
                bestCrop = kept.Find(crop => crop.Position == tracklet.BestCrop)?.Id,
                storedAt = StoreTime.Text(_now),
                entryX = tracklet.Entry?.X,
                entryY = tracklet.Entry?.Y,
                exitX = tracklet.Exit?.X,
                exitY = tracklet.Exit?.Y,
            },
            transaction);
        connection.Execute(
            """
            INSERT INTO crops (id, tracklet_id, position, sha256, width, height, bytes, captured_at, quality)
            VALUES (@Id, @TrackletId, @Position, @Sha256, @Width, @Height, @Bytes, @CapturedAt, @Quality)
            """,
            kept,
            transaction);
        if (link.Feature is { } feature)
        {
            connection.Execute(
                "INSERT INTO embeddings (tracklet_id, model_id, dimension, vector) VALUES (@id, @ModelId, @Length, @vector)",
                new { id = tracklet.Id.ToString(), run.ModelId, feature.Length, vector = HalfVector.ToBytes(feature) },
                transaction);
        }
    }

    /// <summary>The best crops, in capture-time order. Their files are on the disk before the commit that names them.</summary>
    private List<CropRow> WriteCropFiles(Tracklet tracklet)
    {
        List<CropRow> kept = [];
        Dictionary<string, byte[]> files = [];
        IEnumerable<int> chosen = Enumerable.Range(0, tracklet.Crops.Count)
            .OrderByDescending(i => i == tracklet.BestCrop)
            .ThenByDescending(i => tracklet.Crops[i].Quality)
            .ThenBy(i => i)
            .Take(setup.Options.CropsPerTracklet)
            .Order();
        foreach (int position in chosen)
        {
            Crop crop = tracklet.Crops[position];
            byte[] jpeg = setup.EncodeJpeg(crop.Picture);
            string sha256 = CropFolder.Digest(jpeg);
            if (connection.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM crops WHERE sha256 = @sha256)", new { sha256 }, transaction) == 0)
            {
                files[sha256] = jpeg;
            }

            Guid id = ContentId.Create(
                crop.CapturedAt,
                setup.Site,
                tracklet.Camera.Id,
                tracklet.Id.ToString(),
                "crop",
                position.ToString(CultureInfo.InvariantCulture));
            kept.Add(new CropRow(
                id.ToString(),
                tracklet.Id.ToString(),
                position,
                sha256,
                crop.Picture.Width,
                crop.Picture.Height,
                jpeg.Length,
                StoreTime.Text(crop.CapturedAt),
                crop.Quality));
        }

        // Together, for the disk makes one flush of many that wait; one after the other is several times slower.
        Parallel.ForEach(files, file => crops.Write(file.Key, file.Value));
        return kept;
    }

    private void WriteIdentity(Link link, Guid identity)
    {
        string identityId = identity.ToString();
        string trackletId = link.Tracklet.Id.ToString();

        // Also where the link says that it is known: retention may have removed it since.
        connection.Execute(
            "INSERT OR IGNORE INTO identities (id, model_id, created_at) VALUES (@identityId, @ModelId, @at)",
            new { identityId, run.ModelId, at = StoreTime.Text(link.Tracklet.EndAt) },
            transaction);
        connection.Execute(
            """
            INSERT INTO sightings (tracklet_id, identity_id, from_tracklet_id, is_new, similarity, threshold, margin, band)
            VALUES (@trackletId, @identityId, @from, @IsNew, @similarity, @threshold, @margin, @band)
            """,
            new
            {
                trackletId,
                identityId,
                from = link.FromTrackletId?.ToString(),
                link.IsNew,
                similarity = link.Decision?.Similarity,
                threshold = link.Decision?.Threshold,
                margin = link.Decision?.Margin,
                band = link.Decision is { } decision ? Words.Of(decision.Band) : null,
            },
            transaction);
        if (link.Prototypes?.Removed is { } removed)
        {
            connection.Execute("DELETE FROM prototypes WHERE tracklet_id = @id", new { id = removed.ToString() }, transaction);
        }

        if (link.Prototypes is { Added: { } added } change)
        {
            connection.Execute(
                "INSERT INTO prototypes (identity_id, tracklet_id) VALUES (@owner, @id)",
                new { owner = change.IdentityId.ToString(), id = added.ToString() },
                transaction);
        }
    }

    private IEnumerable<StoredEvent> WriteEvents(Link link, EventFactory factory, long lastSequence)
    {
        if (link.IdentityId is null && !setup.Options.TrackletEvents)
        {
            yield break;
        }

        SightingPayload to = SightingRow.Find(connection, transaction, link.Tracklet.Id)!.ToPayload(setup.CropTopicRoot); // written above
        if (setup.Options.TrackletEvents)
        {
            yield return WriteEvent(factory.Tracklet(link, to, _now, ++lastSequence));
        }

        if (link.IdentityId is not null)
        {
            SightingPayload? from = link.FromTrackletId is { } earlier
                ? SightingRow.Find(connection, transaction, earlier)?.ToPayload(setup.CropTopicRoot)
                : null;
            yield return WriteEvent(factory.Decided(link, run.ModelId, from, to, _now, ++lastSequence));
        }
    }

    private StoredEvent WriteEvent(EventPayload payload)
    {
        StoredEvent stored = new(
            payload.Sequence,
            payload.EventId,
            payload.Type,
            payload.Camera,
            payload.Live,
            payload.IdentityId,
            payload.To?.TrackletId,
            payload.OccurredAt,
            payload.PublishedAt,
            EventJson.Serialize(payload));
        connection.Execute(
            """
            INSERT INTO events (sequence, event_id, run_id, type, camera, live, identity_id, tracklet_id, from_tracklet_id, occurred_at, published_at, payload)
            VALUES (@Sequence, @eventId, @run, @Type, @Camera, @Live, @identityId, @trackletId, @from, @occurredAt, @publishedAt, @Payload)
            """,
            new
            {
                stored.Sequence,
                eventId = stored.EventId.ToString(),
                run = _runId,
                stored.Type,
                stored.Camera,
                stored.Live,
                identityId = stored.IdentityId?.ToString(),
                trackletId = stored.TrackletId?.ToString(),
                from = payload.From?.TrackletId.ToString(),
                occurredAt = StoreTime.Text(stored.OccurredAt),
                publishedAt = StoreTime.Text(stored.PublishedAt),
                stored.Payload,
            },
            transaction);
        return stored;
    }

    private void WriteCheckpoint(SegmentCheckpoint checkpoint)
    {
        Segment segment = checkpoint.End.Segment;
        WriteCamera(segment.Camera);
        connection.Execute(
            """
            INSERT OR IGNORE INTO segments_done (run_id, camera, ordinal, digest, ref, started_at, ended_at, frames_decoded, frames_analysed, problem)
            VALUES (@run, @camera, @Ordinal, @Digest, @Ref, @startedAt, @endedAt, @FramesDecoded, @FramesAnalysed, @Problem);
            INSERT INTO checkpoints (run_id, camera, ordinal, state) VALUES (@run, @camera, @Ordinal, @State)
            ON CONFLICT (run_id, camera) DO UPDATE SET ordinal = excluded.ordinal, state = excluded.state WHERE excluded.ordinal >= ordinal
            """,
            new
            {
                run = _runId,
                camera = segment.Camera.Id,
                segment.Ordinal,
                segment.Digest,
                segment.Ref,
                startedAt = StoreTime.Text(segment.StartAt),
                endedAt = StoreTime.Text(checkpoint.End.At),
                checkpoint.End.FramesDecoded,
                checkpoint.End.FramesAnalysed,
                checkpoint.End.Problem,
                checkpoint.State,
            },
            transaction);
    }

    private sealed record CropRow(
        string Id, string TrackletId, int Position, string Sha256, int Width, int Height, long Bytes, string CapturedAt, float Quality);
}
