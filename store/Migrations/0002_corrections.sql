-- Version 2: what was decided can change, and an operator's word counts.

-- How often the conclusion on a tracklet was changed; part of the ids of the events that say so.
ALTER TABLE sightings ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

-- What an operator calls a person. Personal data: never in a topic, in events only where the settings say so.
ALTER TABLE identities ADD COLUMN label TEXT;

-- Identities that proved to be another one. Their ids stay good for questions.
CREATE TABLE merged_identities (
    id      TEXT PRIMARY KEY,
    into_id TEXT NOT NULL,
    at      TEXT NOT NULL,  -- media time, or that of the operator's act
    cause   TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX merged_identities_by_into ON merged_identities (into_id);

-- Pairs of tracklets that are one person ('together') or two ('apart'), whatever they look like. Without an act: they were in view together.
CREATE TABLE link_constraints (
    number INTEGER PRIMARY KEY,
    kind   TEXT NOT NULL CHECK (kind IN ('together', 'apart')),
    one    TEXT NOT NULL REFERENCES tracklets (id) ON DELETE CASCADE,
    other  TEXT NOT NULL REFERENCES tracklets (id) ON DELETE CASCADE,
    act_id TEXT REFERENCES operator_acts (id)
);
CREATE INDEX link_constraints_by_one ON link_constraints (one);
CREATE INDEX link_constraints_by_other ON link_constraints (other);
CREATE INDEX link_constraints_by_act ON link_constraints (act_id);

-- What operators did, so that it can be undone: the newest first. The id is that of the entry in the audit log.
CREATE TABLE operator_acts (
    number          INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    at              TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('merge', 'split', 'label', 'not_same')),
    identity_id     TEXT NOT NULL,  -- after it
    other_id        TEXT,           -- the identity that went, or that tracklets left
    tracklets       TEXT NOT NULL,  -- that moved, separated by commas
    label_before    TEXT,
    undone_at       TEXT
);

-- What linking has learned of a site (travel times, scores of strangers), for each model; opaque, no personal data.
CREATE TABLE learned (
    model_id TEXT PRIMARY KEY,
    state    BLOB NOT NULL
) WITHOUT ROWID;
