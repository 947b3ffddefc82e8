/**
 * Forward-only steps; the position plus one is the `user_version` it leads to. Never edit
 * one that was released: add another.
 *
 * `transfers.state_rank` sorts the panel (running, waiting, queued, paused, failed, ended)
 * so that a page and a filter are ranges of one index. `fold` is the local path as the
 * file system compares names; it finds collisions without keeping a million names in
 * memory.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    bucket TEXT NOT NULL,
    prefix TEXT NOT NULL,
    folder TEXT NOT NULL,
    conflict TEXT NOT NULL,
    plan TEXT NOT NULL,
    planned INTEGER NOT NULL,
    paused INTEGER NOT NULL DEFAULT 0,
    finished INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE transfers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    state_rank INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    connection_id TEXT NOT NULL,
    name TEXT NOT NULL,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    target_bucket TEXT,
    target_key TEXT,
    local_path TEXT,
    fold TEXT,
    bytes_total INTEGER,
    bytes_done INTEGER NOT NULL DEFAULT 0,
    objects_total INTEGER,
    objects_done INTEGER NOT NULL DEFAULT 0,
    modified INTEGER,
    attempt INTEGER NOT NULL DEFAULT 0,
    wait_reason TEXT,
    wait_until INTEGER,
    conflict TEXT,
    answer TEXT NOT NULL DEFAULT '',
    error TEXT,
    integrity TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    finished_at INTEGER
  ) STRICT;

  CREATE INDEX transfers_rank ON transfers(state_rank, id);
  CREATE INDEX transfers_queued ON transfers(connection_id, lane, id)
    WHERE state = 'queued';
  CREATE INDEX transfers_waiting ON transfers(wait_reason, wait_until, id)
    WHERE state = 'waiting';
  CREATE UNIQUE INDEX transfers_upload ON transfers(group_id, local_path)
    WHERE kind = 'upload';
  CREATE UNIQUE INDEX transfers_remote ON transfers(group_id, key)
    WHERE kind <> 'upload';
  CREATE INDEX transfers_fold ON transfers(group_id, fold) WHERE fold IS NOT NULL;

  CREATE TABLE uploads (
    transfer_id INTEGER PRIMARY KEY REFERENCES transfers(id) ON DELETE CASCADE,
    upload_id TEXT NOT NULL,
    part_size INTEGER NOT NULL,
    part_count INTEGER NOT NULL,
    checksum_algorithm TEXT NOT NULL,
    source_size INTEGER NOT NULL,
    source_mtime_ns INTEGER NOT NULL,
    retry_id TEXT NOT NULL
  ) STRICT;

  CREATE TABLE downloads (
    transfer_id INTEGER PRIMARY KEY REFERENCES transfers(id) ON DELETE CASCADE,
    temp_path TEXT NOT NULL,
    etag TEXT NOT NULL,
    size INTEGER NOT NULL,
    part_size INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE parts (
    transfer_id INTEGER NOT NULL REFERENCES transfers(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    checksum TEXT NOT NULL,
    PRIMARY KEY (transfer_id, number)
  ) STRICT, WITHOUT ROWID;
  `,
  // An entry with an empty upload_id: CreateMultipartUpload was sent and its answer did not
  // come, between these two times (ms since 1970).
  `
  ALTER TABLE uploads ADD COLUMN began_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE uploads ADD COLUMN ended_at INTEGER NOT NULL DEFAULT 0;
  `,
  // How far the server's clock was ahead of ours at began_at, at least and at most, ms:
  // clocks may be set before anybody looks for the upload.
  `
  ALTER TABLE uploads ADD COLUMN clock_least INTEGER;
  ALTER TABLE uploads ADD COLUMN clock_most INTEGER;
  `,
  // What the head of a group says: the first thing that was asked for, and how many.
  // The index finds a page of one group, in the order of the panel.
  `
  ALTER TABLE groups ADD COLUMN name TEXT NOT NULL DEFAULT '';
  ALTER TABLE groups ADD COLUMN items INTEGER NOT NULL DEFAULT 1;
  CREATE INDEX transfers_group ON transfers(group_id, state_rank, id);
  `,
  // The order of running, with room between two rows to move others in; see row-order.ts.
  `
  ALTER TABLE transfers ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
  UPDATE transfers SET position = id * 16777216;
  DROP INDEX transfers_rank;
  CREATE INDEX transfers_rank ON transfers(state_rank, position);
  DROP INDEX transfers_queued;
  CREATE INDEX transfers_queued ON transfers(connection_id, lane, position)
    WHERE state = 'queued';
  DROP INDEX transfers_group;
  CREATE INDEX transfers_group ON transfers(group_id, state_rank, position);
  `,
  // Files and folders that the bookmark's rules left out.
  `
  ALTER TABLE groups ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
  `,
  // Receipts of what was done, kept when rows are cleared; see receipt-store.ts. And what
  // endpoints taught about themselves; see fact-store.ts.
  `
  CREATE TABLE receipt_places (
    id INTEGER PRIMARY KEY,
    connection_id TEXT NOT NULL,
    bucket TEXT NOT NULL,
    folder TEXT NOT NULL,
    UNIQUE (connection_id, bucket, folder)
  ) STRICT;

  CREATE TABLE receipts (
    transfer_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    place_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    shared INTEGER NOT NULL,
    size INTEGER NOT NULL,
    modified REAL,
    integrity TEXT NOT NULL,
    checksums TEXT NOT NULL,
    part_size INTEGER NOT NULL,
    etag ANY NOT NULL,
    version_id TEXT,
    started_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX receipts_key ON receipts(place_id, key);

  CREATE TABLE servers (
    endpoint TEXT PRIMARY KEY,
    facts TEXT NOT NULL,
    learnt_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // Where the copies of a group go, and how far each copy has come: `asked` before the
  // request leaves, `verified` before its source is deleted. `target_before` tells what
  // the target held until then; NULL: nothing.
  `
  CREATE TABLE copy_targets (
    group_id INTEGER PRIMARY KEY REFERENCES groups(id) ON DELETE CASCADE,
    connection_id TEXT NOT NULL,
    bucket TEXT NOT NULL
  ) STRICT;
  CREATE INDEX copy_targets_connection ON copy_targets(connection_id);
  CREATE TABLE copies (
    transfer_id INTEGER PRIMARY KEY REFERENCES transfers(id) ON DELETE CASCADE,
    source_etag TEXT NOT NULL,
    source_size INTEGER NOT NULL,
    target_before TEXT,
    phase TEXT NOT NULL
  ) STRICT;
  `,
  // Ids of queued rows that may have begun without their own row saying so; see
  // runnable-rows.ts.
  `
  CREATE TABLE ahead (
    queue TEXT PRIMARY KEY,
    ids TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // Moves queued when a folder was one row, and where it goes was written there alone: a
  // folder that is not through is planned anew, object by object.
  `
  UPDATE groups SET folder = substr(folder, instr(folder, '/') + 1)
    WHERE kind = 'move' AND id NOT IN (SELECT group_id FROM copy_targets);
  INSERT OR IGNORE INTO copy_targets
    SELECT group_id, connection_id, coalesce(target_bucket, bucket) FROM transfers
      WHERE kind = 'move';
  UPDATE groups SET planned = 0, finished = 0,
      paused = t.state = 'paused',
      plan = json_object('kind', 'copy', 'items', json_array(json_object(
        'item', json_object('key', t.key, 'folder', json('true')),
        'targetKey', t.target_key)))
    FROM transfers AS t
    WHERE t.group_id = groups.id AND t.kind = 'move' AND t.objects_total IS NULL
      AND t.state IN ('queued', 'running', 'waiting', 'paused')
      AND json_extract(groups.plan, '$.kind') = 'none';
  DELETE FROM transfers WHERE kind = 'move' AND objects_total IS NULL
    AND state IN ('queued', 'running', 'waiting', 'paused');
  `,
  // Which file a download was about to give its name, and how that file was checked: after
  // a crash it must be told from what others put there.
  `
  CREATE TABLE publications (
    transfer_id INTEGER PRIMARY KEY REFERENCES transfers(id) ON DELETE CASCADE,
    inode TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    integrity TEXT NOT NULL,
    etag TEXT NOT NULL
  ) STRICT;
  `,
  // Bulk changes. `edits`: what is changed, how far its objects were counted (`item` of the
  // plan, `after` this key), and how many of them are done. `edit_batches`: the keys of a
  // row that stands for many, of which those before `next` are through. A batch may begin
  // with a key that later gets a row of its own.
  `
  CREATE TABLE edits (
    group_id INTEGER PRIMARY KEY REFERENCES groups(id) ON DELETE CASCADE,
    change TEXT NOT NULL,
    item INTEGER NOT NULL DEFAULT 0,
    after TEXT NOT NULL DEFAULT '',
    found INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE edit_batches (
    transfer_id INTEGER PRIMARY KEY REFERENCES transfers(id) ON DELETE CASCADE,
    keys TEXT NOT NULL,
    next INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  DROP INDEX transfers_remote;
  CREATE UNIQUE INDEX transfers_remote
    ON transfers(group_id, key, iif(kind = 'edit' AND target_key IS NOT NULL, id, 0))
    WHERE kind <> 'upload';
  `,
  // Settings of buckets and objects as they were before our own changes; see
  // earlier-store.ts. An empty key: the bucket itself.
  `
  CREATE TABLE earlier_states (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    connection_id TEXT NOT NULL,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    aspect TEXT NOT NULL,
    value TEXT NOT NULL,
    replaced_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX earlier_states_place
    ON earlier_states(connection_id, bucket, key, aspect, id);
  `,
  // Tags of objects whose headers are being replaced, until they are seen to be kept: some
  // servers drop them, and nobody else would know them after a crash.
  `
  CREATE TABLE edit_tags (
    transfer_id INTEGER NOT NULL REFERENCES transfers(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    tags TEXT NOT NULL,
    PRIMARY KEY (transfer_id, key)
  ) STRICT, WITHOUT ROWID;
  `,
  // Uploads in parts that belong to no transfer: rewrites of large objects' headers. An
  // empty upload_id and the times: as in `uploads`.
  `
  CREATE TABLE loose_uploads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    connection_id TEXT NOT NULL,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    upload_id TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    clock_least INTEGER,
    clock_most INTEGER
  ) STRICT;
  `,
  // The object that owed tags belonged to, and the one that took its place, where the answer
  // came: nobody else's object is given them.
  `
  ALTER TABLE edit_tags ADD COLUMN etag TEXT NOT NULL DEFAULT '';
  ALTER TABLE edit_tags ADD COLUMN size INTEGER NOT NULL DEFAULT -1;
  ALTER TABLE edit_tags ADD COLUMN version TEXT;
  ALTER TABLE edit_tags ADD COLUMN is_sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE edit_tags ADD COLUMN made_etag TEXT;
  ALTER TABLE edit_tags ADD COLUMN made_version TEXT;
  `,
  // Where connections without a bookmark and without keys go; see keyless-store.ts.
  `
  CREATE TABLE keyless_connections (
    connection_id TEXT PRIMARY KEY,
    draft TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];
