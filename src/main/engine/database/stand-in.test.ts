import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backUp } from './back-up.ts';
import type { Database } from './database.ts';
import { MIGRATIONS } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import { standInOf, TAKEN_TABLES } from './stand-in.ts';

/** Schemas of versions to come. */
const NEWER = [...MIGRATIONS, 'ALTER TABLE groups ADD COLUMN mood TEXT'];
const NEWEST = [...NEWER, 'CREATE TABLE moods (id INTEGER PRIMARY KEY) STRICT'];

let folder: string;
let file: string;
let standIn: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-db-'));
  file = path.join(folder, 'transfers.db');
  standIn = standInOf(file, MIGRATIONS.length);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function open(migrations?: readonly string[]) {
  return openDatabase(file, () => 42, migrations);
}

/** Opens, works and ends in order, as an engine does; answers the notice. */
function session(
  migrations: readonly string[],
  work: (database: Database) => void,
): string | null {
  const { database, notice } = open(migrations);
  work(database);
  backUp(database);
  database.close();
  return notice?.code ?? null;
}

function add(database: Database, name: string): number {
  const { lastId: groupId } = database.run(
    `INSERT INTO groups
      (kind, connection_id, bucket, prefix, folder, conflict, plan, planned, created_at)
      VALUES ('download', 'c', 'b', '', '', 'ask', '{}', 1, 1)`,
  );
  const { lastId: id } = database.run(
    `INSERT INTO transfers (group_id, kind, state, state_rank, lane, connection_id, name,
      bucket, key, position, created_at) VALUES (?, 'download', 'queued', 2, 0, 'c', ?,
      'b', ?, 16777216, 1)`,
    groupId,
    name,
    name,
  );
  database.run('INSERT INTO parts VALUES (?, 1, 5, ?, ?)', id, name, '');
  database.run(
    'INSERT OR IGNORE INTO receipt_places VALUES (NULL, ?, ?, ?)',
    'c',
    'b',
    `${name}/`,
  );
  database.run(
    `INSERT INTO receipts SELECT ?, 'download', id, ?, 0, 5, NULL, '', '', 0, 'e', NULL, 1, 2
      FROM receipt_places WHERE folder = ?`,
    id,
    name,
    `${name}/`,
  );
  database.run(
    `INSERT INTO earlier_states (connection_id, bucket, key, aspect, value, replaced_at)
      VALUES ('c', 'b', ?, 'tags', '[]', 1)`,
    name,
  );
  database.run(
    `INSERT INTO loose_uploads (connection_id, bucket, key, upload_id, began_at, ended_at)
      VALUES ('c', 'b', ?, 'u', 1, 2)`,
    name,
  );
  database.run(`INSERT OR REPLACE INTO ahead VALUES ('0 c', ?)`, JSON.stringify([id]));
  return id;
}

/** All that {@link add} put there, by name, in the order of running. */
function everything(database: Database): readonly unknown[] {
  return database
    .all(
      `SELECT t.name, t.group_id = g.id AS grouped, p.etag, r.key, l.folder,
        e.key AS earlier, u.key AS loose,
        EXISTS (SELECT 1 FROM ahead, json_each(ahead.ids) WHERE value = t.id) AS begun
      FROM transfers t LEFT JOIN groups g ON g.id = t.group_id
        LEFT JOIN parts p ON p.transfer_id = t.id
        LEFT JOIN receipts r ON r.transfer_id = t.id
        LEFT JOIN receipt_places l ON l.id = r.place_id
        LEFT JOIN earlier_states e ON e.key = t.name
        LEFT JOIN loose_uploads u ON u.key = t.name
      ORDER BY t.position`,
    )
    .map((row) => ({ ...row }));
}

function whole(name: string, begun = 1) {
  return {
    name,
    grouped: 1,
    etag: name,
    key: name,
    folder: `${name}/`,
    earlier: name,
    loose: name,
    begun,
  };
}

test('the queue of a newer version stays as it is, and is there for that version', () => {
  session(NEWER, (database) => add(database, 'new.bin'));
  const notice = session(MIGRATIONS, (database) => {
    expect(database.path).toBe(standIn);
    expect(database.all('SELECT * FROM transfers')).toEqual([]);
  });
  expect(notice).toBe('storage.newer');
  expect(readdirSync(folder).filter((name) => name.includes('corrupt'))).toEqual([]);
  const again = session(NEWER, (database) => {
    expect(everything(database)).toEqual([whole('new.bin')]);
  });
  expect([again, existsSync(standIn)]).toEqual([null, false]);
});

test('what the older version queued goes on in the newer one, after what waits there', () => {
  let first = 0;
  session(NEWER, (database) => {
    first = add(database, 'new.bin');
  });
  session(MIGRATIONS, (database) => {
    // Names of temporary files have the id: none is given twice.
    expect(add(database, 'old 1.bin')).toBe(first + 1);
  });
  expect(session(MIGRATIONS, (database) => add(database, 'old 2.bin'))).toBe(
    'storage.newer',
  );
  session(NEWER, (database) => {
    expect(everything(database)).toEqual([
      whole('new.bin'),
      // The last one noted what may have begun.
      whole('old 1.bin', 0),
      whole('old 2.bin'),
    ]);
    expect(database.all('PRAGMA foreign_key_check')).toEqual([]);
    expect(add(database, 'newer.bin')).toBe(first + 3);
  });
  session(MIGRATIONS, (database) => {
    expect(everything(database)).toEqual([]);
    expect(add(database, 'old 3.bin')).toBe(first + 4);
  });
});

test('ids of rows that are gone are not given again', () => {
  session(NEWER, (database) => {
    add(database, 'new.bin');
    database.run('DELETE FROM groups');
  });
  let id = 0;
  session(MIGRATIONS, (database) => {
    id = add(database, 'old.bin');
    database.run('DELETE FROM groups');
  });
  expect(id).toBe(2);
  session(NEWER, (database) => expect(add(database, 'n.bin')).toBe(3));
});

test('what was taken over is never run again, even where its file cannot be removed', () => {
  session(NEWER, (database) => add(database, 'new.bin'));
  session(MIGRATIONS, (database) => add(database, 'old.bin'));
  copyFileSync(standIn, `${standIn}.kept`);
  session(NEWER, (database) => database.run('DELETE FROM groups'));
  copyFileSync(`${standIn}.kept`, standIn);
  session(NEWER, (database) => expect(everything(database)).toEqual([]));
  copyFileSync(`${standIn}.kept`, standIn);
  session(MIGRATIONS, (database) => expect(everything(database)).toEqual([]));
});

test('three versions in any order lose nothing and give no id twice', () => {
  session(NEWEST, (database) => add(database, 'a'));
  session(NEWER, (database) => add(database, 'b'));
  session(MIGRATIONS, (database) => add(database, 'c'));
  session(NEWER, (database) => {
    expect(everything(database)).toMatchObject([{ name: 'b' }, { name: 'c' }]);
    add(database, 'd');
  });
  session(MIGRATIONS, (database) => add(database, 'e'));
  session(NEWEST, (database) => {
    const names = database.all('SELECT name FROM transfers ORDER BY id');
    expect(names.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

test.each(['gone', 'damaged'])(
  'a newer version finds its copy where its queue is %s',
  (how) => {
    session(NEWER, (database) => add(database, 'new.bin'));
    rmSync(file);
    if (how === 'damaged') writeFileSync(file, 'x'.repeat(9_000));
    expect(session(MIGRATIONS, (database) => add(database, 'old.bin'))).toBe(
      'storage.newer',
    );
    const notice = session(NEWER, (database) => {
      expect(database.all('SELECT name, state FROM transfers ORDER BY id')).toEqual([
        { name: 'new.bin', state: 'paused' },
        { name: 'old.bin', state: 'queued' },
      ]);
    });
    expect(notice).toBe('storage.corrupt');
  },
);

test('a stand-in that is damaged comes back from its copy, or is put aside', () => {
  session(NEWER, (database) => add(database, 'new.bin'));
  session(MIGRATIONS, (database) => add(database, 'old.bin'));
  writeFileSync(standIn, 'x'.repeat(9_000));
  const notice = session(NEWER, (database) => {
    expect(everything(database)).toMatchObject([
      { name: 'new.bin' },
      { name: 'old.bin' },
    ]);
  });
  expect(notice).toBe('storage.corrupt');
});

test('a stand-in that cannot be taken over is put aside, and the queue is as it was', () => {
  session(NEWER, (database) => add(database, 'new.bin'));
  const foreign = openDatabase(standIn, () => 42).database;
  add(foreign, 'same id.bin');
  add(foreign, 'other id.bin');
  foreign.close();
  const notice = session(NEWER, (database) => {
    expect(everything(database)).toEqual([whole('new.bin')]);
    add(database, 'next.bin');
  });
  expect(notice).toBe('storage.corrupt');
  expect(readdirSync(folder)).toContain(`${path.basename(standIn)}.corrupt-42`);
});

test('every table of the schema is taken over', () => {
  using database = open().database;
  const tables = database
    .all(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
    )
    .map(({ name }) => String(name));
  expect(tables.sort()).toEqual([...TAKEN_TABLES].sort());
});
