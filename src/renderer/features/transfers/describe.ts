import { isQuickConnection } from '../../../shared/domain/ids.ts';
import type { TransferRow, TransferTotals } from '../../../shared/domain/transfer.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Format } from '../../../shared/lib/format.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { checkName } from '../../../shared/messages/integrity.en.ts';
import { displayName } from '../browser/model/display-name.ts';
import { timeLeftText } from './time-left.ts';

/** What a transfer row says. */
export interface TransferText {
  /** Where it goes, or from where it is taken away. */
  readonly route: string;
  /** How it stands, such as `3.2 of 40 MB · 5.1 MB/s · about 10 sec left`. */
  readonly status: string;
  /** What went wrong and what to do; empty when nothing did. */
  readonly problem: string;
  /** 0 to 1; `null`: not known; `undefined`: nothing to show. */
  readonly share: number | null | undefined;
}

/** Between the parts of a status. */
export const DOT = ' · ';

/** Whether a transfer is at its end. */
export function isFinished(row: TransferRow): boolean {
  return ['done', 'failed', 'cancelled', 'skipped'].includes(row.state);
}

/** The words of a transfer row. `now` in ms since 1970, `secondsLeft` from `TimeLeft`. */
export function describeTransfer(
  row: TransferRow,
  format: Format,
  now: number,
  secondsLeft: number | null = secondsFor(row),
): TransferText {
  const error = row.error === null ? null : errorText(row.error);
  return {
    route: route(row),
    status: [status(row, format, now, secondsLeft), row.note].filter(Boolean).join(DOT),
    problem:
      error !== null && (row.state === 'failed' || row.state === 'waiting')
        ? [error.explanation, error.action, error.details].filter(Boolean).join(' ')
        : '',
    share: share(row),
  };
}

/** Seconds a running transfer still takes at its present speed; `null`: not known. */
export function secondsFor(row: TransferRow): number | null {
  if (row.state !== 'running' || row.speed <= 0 || row.bytesTotal === null) return null;
  return row.bytesTotal > row.bytesDone
    ? (row.bytesTotal - row.bytesDone) / row.speed
    : null;
}

function share(row: TransferRow): number | null | undefined {
  // A bar for each of thousands that have not begun would say nothing.
  if (isFinished(row) || (row.state !== 'running' && amountDone(row) === 0)) {
    return undefined;
  }
  if (row.bytesTotal !== null && row.bytesTotal > 0) {
    return Math.min(1, row.bytesDone / row.bytesTotal);
  }
  if (row.objectsTotal !== null && row.objectsTotal > 1) {
    return Math.min(1, row.objectsDone / row.objectsTotal);
  }
  return row.state === 'running' ? null : 0;
}

function amountDone({ bytesDone, objectsDone }: TransferRow): number {
  return bytesDone + objectsDone;
}

function route(row: TransferRow): string {
  const inner = displayFolder(row.key);
  const folder = inner === '' ? row.bucket : `${row.bucket}/${inner}`;
  switch (row.kind) {
    case 'upload':
      return `→ ${folder}`;
    case 'download':
      return row.localPath === null ? folder : `→ ${localFolder(row.localPath)}`;
    case 'delete':
    case 'edit':
      return folder;
    case 'move':
    case 'copy':
      return `→ ${targetOf(row)}`;
    default:
      return assertNever(row.kind);
  }
}

/** From where to where, in full. */
export function fullRoute(row: TransferRow): string {
  const remote = `${row.bucket}/${displayName(row.key)}`;
  const local = row.localPath ?? '';
  switch (row.kind) {
    case 'upload':
      return `${local} → ${remote}`;
    case 'download':
      return local === '' ? remote : `${remote} → ${local}`;
    case 'delete':
      return remote;
    case 'edit':
      // From the first to the last object of many.
      return row.targetKey === null
        ? remote
        : `${remote} … ${row.bucket}/${displayName(row.targetKey)}`;
    case 'move':
    case 'copy':
      return `${remote} → ${targetOf(row)}`;
    default:
      return assertNever(row.kind);
  }
}

/** Bucket and key a copy or move goes to; empty for everything else. */
export function targetOf({ kind, targetBucket, targetKey }: TransferRow): string {
  if (targetKey === null || kind === 'edit') return '';
  const key = displayName(targetKey);
  return targetBucket ? `${targetBucket}/${key}` : key;
}

/** The folder a key lies in, without its last slash. */
function displayFolder(key: string): string {
  const inner = key.endsWith('/') ? key.slice(0, -1) : key;
  const slash = inner.lastIndexOf('/');
  return slash < 0 ? '' : displayName(inner.slice(0, slash));
}

function localFolder(path: string): string {
  const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return slash <= 0 ? path : path.slice(0, slash);
}

function status(
  row: TransferRow,
  format: Format,
  now: number,
  secondsLeft: number | null,
): string {
  switch (row.state) {
    case 'queued':
      return ['Waiting its turn', size(row, format)].filter(Boolean).join(DOT);
    case 'running':
      return running(row, format, secondsLeft);
    case 'waiting':
      return waiting(row, format, now);
    case 'paused':
      return `Paused${DOT}${amount(row, format)}`;
    case 'failed':
      return row.error === null ? 'Failed' : errorText(row.error).title;
    case 'cancelled':
      return 'Cancelled';
    case 'skipped':
      // A note says itself why.
      return row.note === '' ? 'Skipped: it was there already' : 'Skipped';
    case 'done':
      return done(row, format);
    default:
      return assertNever(row.state);
  }
}

/** How much it is before it begins; empty: not known, or nothing to tell. */
function size({ kind, bytesTotal, objectsTotal }: TransferRow, format: Format): string {
  if (kind === 'edit' && objectsTotal !== null) return objects(objectsTotal, format);
  return bytesTotal === null ? '' : format.bytes(bytesTotal);
}

/** What is under way, where the direction of an arrow does not tell. */
const RUNNING: Readonly<Partial<Record<TransferRow['kind'], string>>> = {
  copy: 'Copying',
  move: 'Moving',
  edit: 'Changing',
};

function running(row: TransferRow, format: Format, secondsLeft: number | null): string {
  const parts = [amount(row, format)];
  const verb = RUNNING[row.kind];
  if (verb !== undefined) parts.unshift(verb);
  if (row.speed > 0) parts.push(format.speed(row.speed));
  if (secondsLeft !== null) parts.push(timeLeftText(secondsLeft, format));
  // The row counts what failed before: this is the one after those.
  if (row.attempt > 1) parts.push(`attempt ${row.attempt + 1}`);
  return parts.join(DOT);
}

/** How much of it is done: bytes where there are bytes, else objects. */
function amount(row: TransferRow, format: Format): string {
  const counts =
    row.kind === 'delete' || (row.kind === 'edit' && row.bytesTotal === null);
  if (counts || (row.objectsTotal ?? 1) > 1) {
    return row.objectsTotal === null
      ? `${objects(row.objectsDone, format)} so far`
      : `${format.count(row.objectsDone)} of ${objects(row.objectsTotal, format)}`;
  }
  if (row.bytesTotal === null) return format.bytes(row.bytesDone);
  return amountOf(row.bytesDone, row.bytesTotal, format);
}

/** `3.2 of 40 MB` where both have one unit, else `900 KB of 40 MB`. */
export function amountOf(bytesDone: number, bytesTotal: number, format: Format): string {
  const part = format.bytes(bytesDone);
  const whole = format.bytes(bytesTotal);
  const unit = whole.slice(whole.lastIndexOf(' '));
  return `${part.endsWith(unit) ? part.slice(0, -unit.length) : part} of ${whole}`;
}

function waiting(row: TransferRow, format: Format, now: number): string {
  switch (row.waitReason) {
    case 'backoff': {
      const seconds = row.waitUntil === null ? 0 : (row.waitUntil - now) / 1_000;
      const reason = row.error === null ? '' : `: ${errorText(row.error).title}`;
      const attempt = `${DOT}attempt ${row.attempt + 1}`;
      return seconds > 0
        ? `Waiting ${format.duration(seconds)} to try again${reason}${attempt}`
        : `Trying again${reason}${attempt}`;
    }
    case 'offline':
      return 'Waiting for the network';
    case 'credentials':
      // Those behind the first one that was refused have no error of their own.
      return row.error?.code.startsWith('auth.') === true
        ? `Waiting for new keys: ${errorText(row.error).title}`
        : isQuickConnection(row.connectionId)
          ? 'Waiting for its connection: connect to the same server with the same access key'
          : 'Waiting for its connection: open the bookmark or renew its keys';
    case 'conflict':
      return 'Waiting for your answer: it exists already';
    case null:
      return 'Waiting';
    default:
      return assertNever(row.waitReason);
  }
}

function done(row: TransferRow, format: Format): string {
  if (row.kind === 'delete') {
    return `Deleted ${objects(row.objectsDone, format)}`;
  }
  if (row.kind === 'edit') {
    return row.targetKey === null
      ? 'Changed'
      : `Changed ${objects(row.objectsDone, format)}`;
  }
  if (row.objectsDone > 1) return `${objects(row.objectsDone, format)}, done`;
  const parts = [format.bytes(row.bytesTotal ?? row.bytesDone)];
  const check = checkName(row.integrity);
  if (check !== '') parts.push(`checked: ${check}`);
  if (row.finishedAt !== null) parts.push(format.time(row.finishedAt));
  return parts.join(DOT);
}

function objects(count: number, format: Format): string {
  return count === 1 ? '1 object' : `${format.count(count)} objects`;
}

/** The queue in a few words, for the toolbar. */
export function totalsText(
  totals: TransferTotals,
  format: Format,
  secondsLeft = totals.secondsLeft,
): { readonly active: boolean; readonly share: number; readonly text: string } {
  const open = totals.queued + totals.running + totals.waiting;
  const all = open + totals.paused + totals.done + totals.failed;
  const active = open + totals.planning > 0;
  const parts: string[] = [];
  if (totals.planning > 0 && all === 0) parts.push('Preparing…');
  else parts.push(`${format.count(totals.done)} of ${format.count(all)}`);
  if (totals.speed > 0) parts.push(format.speed(totals.speed));
  if (secondsLeft !== null && secondsLeft > 0) parts.push(format.duration(secondsLeft));
  return {
    active,
    share: totals.bytesTotal > 0 ? Math.min(1, totals.bytesDone / totals.bytesTotal) : 0,
    text: parts.join(DOT),
  };
}
