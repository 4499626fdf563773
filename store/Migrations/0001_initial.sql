-- Version 1 of the identity store.
--
-- Ids are UUIDs as lower-case text. Times are UTC as text, yyyy-MM-ddTHH:mm:ss.fffffffZ: exact to the tick, so that linking
-- after a restart sees the very numbers it saw before, and sortable as text. "number" columns keep the order of decisions.
-- "at" of media is capture time; stored_at and published_at are the wall clock, which retention goes by (old footage may be stored today).

-- Facts about the store: stream_id, site, last_sequence, outbox_dropped, writer (process id of who opened it last for writing).
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Cameras by id; the name is as the user gave it last.
CREATE TABLE cameras (
    id   TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('recorded', 'live'))
) WITHOUT ROWID;

-- One analysis of one input, resumed as often as needed.
CREATE TABLE runs (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    input      TEXT NOT NULL,   -- folder or URLs, credentials masked
    output     TEXT NOT NULL,   -- folder of events.jsonl
    model_id   TEXT NOT NULL,
    settings   TEXT NOT NULL,   -- settings in force, as the caller writes them
    started_at TEXT NOT NULL,
    ended_at   TEXT,
    outcome    TEXT NOT NULL CHECK (outcome IN ('running', 'finished', 'stopped', 'failed'))
);

-- Segments whose every decision is committed; a resumed run does not analyse them again.
CREATE TABLE segments_done (
    run_id          TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    camera          TEXT NOT NULL REFERENCES cameras (id),
    ordinal         INTEGER NOT NULL,
    digest          TEXT NOT NULL,
    ref             TEXT NOT NULL,
    started_at      TEXT NOT NULL,
    ended_at        TEXT NOT NULL, -- both exact to 100 ns: the next segment of a camera without a clock begins there
    frames_decoded  INTEGER NOT NULL,
    frames_analysed INTEGER NOT NULL,
    problem         TEXT,
    PRIMARY KEY (run_id, camera, ordinal)
) WITHOUT ROWID;

-- What a camera's tracker held behind the newest of them. Holds pixels of open tracks: deleted when the run is finished.
CREATE TABLE checkpoints (
    run_id  TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    camera  TEXT NOT NULL REFERENCES cameras (id),
    ordinal INTEGER NOT NULL,
    state   BLOB NOT NULL,
    PRIMARY KEY (run_id, camera)
);

-- Recorded cameras read to their end.
CREATE TABLE cameras_finished (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    camera TEXT NOT NULL REFERENCES cameras (id),
    at     TEXT NOT NULL,
    PRIMARY KEY (run_id, camera)
) WITHOUT ROWID;

-- A person followed in one camera. The box is in pixels of the full frame.
CREATE TABLE tracklets (
    number       INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    run_id       TEXT NOT NULL REFERENCES runs (id),
    camera       TEXT NOT NULL REFERENCES cameras (id),
    track_number INTEGER NOT NULL,
    start_at     TEXT NOT NULL,
    end_at       TEXT NOT NULL,
    time_source  TEXT NOT NULL,
    source_kind  TEXT NOT NULL,
    source_ref   TEXT NOT NULL,
    offset_ms    INTEGER NOT NULL,
    media_digest TEXT NOT NULL,
    ordinal      INTEGER NOT NULL,
    box_x        REAL NOT NULL,
    box_y        REAL NOT NULL,
    box_width    REAL NOT NULL,
    box_height   REAL NOT NULL,
    box_at       TEXT NOT NULL,
    frame_width  INTEGER NOT NULL,
    frame_height INTEGER NOT NULL,
    detections   INTEGER NOT NULL,
    frames       INTEGER NOT NULL,   -- crops in the clip feature
    quality      REAL NOT NULL,
    best_crop    TEXT,
    stored_at    TEXT NOT NULL
);
CREATE INDEX tracklets_by_run ON tracklets (run_id);
CREATE INDEX tracklets_by_stored_at ON tracklets (stored_at);

-- Pictures of a tracklet in capture-time order; the file is crops/<first 2 of sha256>/<sha256>.jpg.
CREATE TABLE crops (
    id          TEXT PRIMARY KEY,
    tracklet_id TEXT NOT NULL REFERENCES tracklets (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    sha256      TEXT NOT NULL,
    width       INTEGER NOT NULL,
    height      INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    captured_at TEXT NOT NULL,
    quality     REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX crops_by_tracklet ON crops (tracklet_id, position);
CREATE INDEX crops_by_sha256 ON crops (sha256);

-- The clip feature of a tracklet: unit vector, 16-bit floats, little-endian. Vectors of different model_id are never compared.
CREATE TABLE embeddings (
    tracklet_id TEXT PRIMARY KEY REFERENCES tracklets (id) ON DELETE CASCADE,
    model_id    TEXT NOT NULL,
    dimension   INTEGER NOT NULL,
    vector      BLOB NOT NULL
);

-- Persons, in the order in which they were first met.
CREATE TABLE identities (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    model_id   TEXT NOT NULL,
    created_at TEXT NOT NULL   -- media time of the decision
);

-- Which tracklets' features stand for an identity, in the order in which they were added.
CREATE TABLE prototypes (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    identity_id TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
    tracklet_id TEXT NOT NULL UNIQUE REFERENCES tracklets (id) ON DELETE CASCADE
);
CREATE INDEX prototypes_by_identity ON prototypes (identity_id);

-- Which tracklet belongs to which identity, and on what evidence, in the order of the decisions.
CREATE TABLE sightings (
    number           INTEGER PRIMARY KEY,
    tracklet_id      TEXT NOT NULL UNIQUE REFERENCES tracklets (id) ON DELETE CASCADE,
    identity_id      TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
    from_tracklet_id TEXT,
    is_new           INTEGER NOT NULL,
    similarity       REAL,
    threshold        REAL,
    margin           REAL,
    band             TEXT
);
CREATE INDEX sightings_by_identity ON sightings (identity_id);

-- Events with their final bytes.
CREATE TABLE events (
    sequence         INTEGER PRIMARY KEY,
    event_id         TEXT NOT NULL UNIQUE,
    run_id           TEXT NOT NULL REFERENCES runs (id),
    type             TEXT NOT NULL,
    camera           TEXT,
    live             INTEGER NOT NULL,
    identity_id      TEXT,
    tracklet_id      TEXT,
    from_tracklet_id TEXT,
    occurred_at      TEXT NOT NULL,
    published_at     TEXT NOT NULL,
    payload          BLOB NOT NULL
);
CREATE INDEX events_by_run ON events (run_id, sequence);
CREATE INDEX events_by_identity ON events (identity_id);
CREATE INDEX events_by_tracklet ON events (tracklet_id);
CREATE INDEX events_by_from_tracklet ON events (from_tracklet_id);

-- What goes to the broker, in this order. An event's bytes are in events; an erasure notice, which has no sequence, brings its own.
CREATE TABLE outbox (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    sequence     INTEGER UNIQUE REFERENCES events (sequence) ON DELETE CASCADE,
    type         TEXT NOT NULL,
    notice_id    TEXT,
    notice       BLOB,
    bytes        INTEGER NOT NULL,
    queued_at    TEXT NOT NULL,
    sent_at      TEXT,
    set_aside_at TEXT,
    reason       TEXT
);
CREATE INDEX outbox_pending ON outbox (position) WHERE sent_at IS NULL AND set_aside_at IS NULL;
CREATE INDEX outbox_pending_tracklets ON outbox (position) WHERE sent_at IS NULL AND set_aside_at IS NULL AND type = 'tracklet';
CREATE INDEX outbox_set_aside ON outbox (position) WHERE set_aside_at IS NOT NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

-- Tracklets that were erased or grew too old: the same footage analysed again must not bring them back. Ids only.
CREATE TABLE forgotten (
    tracklet_id TEXT PRIMARY KEY,
    at          TEXT NOT NULL
) WITHOUT ROWID;

-- Who did what: erasures, purges. Never removed by retention.
CREATE TABLE audit (
    number  INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL
);
