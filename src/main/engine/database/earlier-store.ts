import {
  Aspect,
  type AspectName,
  type EarlierState,
} from '../../../shared/domain/aspects.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { Database } from './database.ts';

/** States kept per place and aspect; beyond, the oldest go. */
const KEPT = 20;

/** One setting of one bucket or object. */
export interface EarlierPlace {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  /** `null`: the bucket itself. */
  readonly key: string | null;
  readonly aspect: AspectName;
}

/** The table `earlier_states`: what was there before our own changes. */
export interface EarlierStore {
  /** On the disk when it returns; the id takes it back. */
  add(place: EarlierPlace, before: Aspect): number;
  /** Takes a state back: what was to replace it never did. */
  remove(id: number): void;
  /** Newest first. */
  list(place: EarlierPlace): EarlierState[];
}

/** Opens the store. `now`: ms since 1970. */
export function openEarlierStore(database: Database, now: () => number): EarlierStore {
  // No key is empty.
  const where = 'connection_id = ? AND bucket = ? AND key = ? AND aspect = ?';

  return {
    add(place, before) {
      const { lastId } = database.run(
        `INSERT INTO earlier_states (connection_id, bucket, key, aspect, value, replaced_at)
          VALUES (?, ?, ?, ?, ?, ?)`,
        ...valuesOf(place),
        JSON.stringify(before),
        now(),
      );
      database.run(
        `DELETE FROM earlier_states WHERE ${where} AND id NOT IN (
          SELECT id FROM earlier_states WHERE ${where} ORDER BY id DESC LIMIT ${KEPT})`,
        ...valuesOf(place),
        ...valuesOf(place),
      );
      database.flush();
      return lastId;
    },
    remove(id) {
      database.run('DELETE FROM earlier_states WHERE id = ?', id);
    },
    list(place) {
      const rows = database.all(
        `SELECT id, value, replaced_at FROM earlier_states WHERE ${where} ORDER BY id DESC`,
        ...valuesOf(place),
      );
      return rows.flatMap((row) => {
        const aspect = parse(String(row['value']));
        if (aspect === null) return [];
        return [
          { id: Number(row['id']), aspect, replacedAt: Number(row['replaced_at']) },
        ];
      });
    },
  };
}

function valuesOf(place: EarlierPlace): readonly [string, string, string, string] {
  return [place.connectionId, place.bucket, place.key ?? '', place.aspect];
}

/** A state that cannot be read is as good as none. */
function parse(text: string): Aspect | null {
  try {
    return Aspect.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
