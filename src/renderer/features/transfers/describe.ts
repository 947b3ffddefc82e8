import type { TransferRow, TransferTotals } from '../../../shared/domain/transfer.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Format } from '../../../shared/lib/format.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { displayName } from '../browser/model/display-name.ts';

/** What a transfer row says. */
export interface TransferText {
  /** From where to where. */
  readonly route: string;
  /** How it stands, such as `3.2 of 40 MB — 5.1 MB/s — 8 sec left`. */
  readonly status: string;
  /** What went wrong and what to do; empty when nothing did. */
  readonly problem: string;
  /** 0 to 1; `null`: not known; `undefined`: nothing to show. */
  readonly share: number | null | undefined;
}

/** Whether a transfer is at its end. */
export function isFinished(row: TransferRow): boolean {
  return ['done', 'failed', 'cancelled', 'skipped'].includes(row.state);
}

/** The words of a transfer row. `now` in ms since 1970. */
export function describeTransfer(
  row: TransferRow,
  format: Format,
  now: number,
): TransferText {
  const error = row.error === null ? null : errorText(row.error);
  return {
    route: route(row),
    status: [status(row, format, now), row.note].filter(Boolean).join(' — '),
    problem:
      error !== null && (row.state === 'failed' || row.state === 'waiting')
        ? [error.explanation, error.action, error.details].filter(Boolean).join(' ')
        : '',
    share: share(row),
  };
}

function share(row: TransferRow): number | null | undefined {
  if (isFinished(row)) return undefined;
  if (row.bytesTotal !== null && row.bytesTotal > 0) {
    return Math.min(1, row.bytesDone / row.bytesTotal);
  }
  if (row.objectsTotal !== null && row.objectsTotal > 1) {
    return Math.min(1, row.objectsDone / row.objectsTotal);
  }
  return row.state === 'running' ? null : 0;
}

function route(row: TransferRow): string {
  const remote = `${row.bucket}/${displayName(row.key)}`;
  const local = row.localPath ?? '';
  switch (row.kind) {
    case 'upload':
      return `${local} → ${remote}`;
    case 'download':
      return local === '' ? remote : `${remote} → ${local}`;
    case 'delete':
      return remote;
    case 'move':
    case 'copy':
      return `${remote} → ${displayName(row.targetKey ?? '')}`;
    default:
      return assertNever(row.kind);
  }
}

function status(row: TransferRow, format: Format, now: number): string {
  switch (row.state) {
    case 'queued':
      return row.bytesTotal === null
        ? 'Waiting its turn'
        : `Waiting its turn — ${format.bytes(row.bytesTotal)}`;
    case 'running':
      return running(row, format);
    case 'waiting':
      return waiting(row, format, now);
    case 'paused':
      return `Paused — ${amount(row, format)}`;
    case 'failed':
      return row.error === null ? 'Failed' : errorText(row.error).title;
    case 'cancelled':
      return 'Cancelled';
    case 'skipped':
      return 'Skipped: it was there already';
    case 'done':
      return done(row, format);
    default:
      return assertNever(row.state);
  }
}

function running(row: TransferRow, format: Format): string {
  const parts = [amount(row, format)];
  if (row.speed > 0) {
    parts.push(format.speed(row.speed));
    if (row.bytesTotal !== null && row.bytesTotal > row.bytesDone) {
      const seconds = (row.bytesTotal - row.bytesDone) / row.speed;
      parts.push(`${format.duration(seconds)} left`);
    }
  }
  if (row.attempt > 1) parts.push(`attempt ${row.attempt}`);
  return parts.join(' — ');
}

/** How much of it is done: bytes where there are bytes, else objects. */
function amount(row: TransferRow, format: Format): string {
  if (row.kind === 'delete' || (row.objectsTotal ?? 1) > 1) {
    return row.objectsTotal === null
      ? `${format.count(row.objectsDone)} objects so far`
      : `${format.count(row.objectsDone)} of ${format.count(row.objectsTotal)} objects`;
  }
  if (row.bytesTotal === null) return format.bytes(row.bytesDone);
  return amountOf(row.bytesDone, row.bytesTotal, format);
}

/** `3.2 of 40 MB` where both have one unit, else `900 KB of 40 MB`. */
function amountOf(bytesDone: number, bytesTotal: number, format: Format): string {
  const part = format.bytes(bytesDone);
  const whole = format.bytes(bytesTotal);
  const unit = whole.slice(whole.lastIndexOf(' '));
  return `${part.endsWith(unit) ? part.slice(0, -unit.length) : part} of ${whole}`;
}

function waiting(row: TransferRow, format: Format, now: number): string {
  switch (row.waitReason) {
    case 'backoff': {
      const seconds = row.waitUntil === null ? 0 : (row.waitUntil - now) / 1_000;
      return seconds > 0
        ? `Trying again in ${format.duration(seconds)}`
        : 'Trying again…';
    }
    case 'offline':
      return 'Waiting for the network';
    case 'credentials':
      // Those behind the first one that was refused have no error of their own.
      return row.error?.code.startsWith('auth.') === true
        ? `Waiting for new keys: ${errorText(row.error).title}`
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
  if (row.objectsDone > 1) return `${objects(row.objectsDone, format)}, done`;
  const parts = [format.bytes(row.bytesTotal ?? row.bytesDone)];
  if (row.finishedAt !== null) parts.push(format.date(row.finishedAt));
  return parts.join(' — ');
}

function objects(count: number, format: Format): string {
  return count === 1 ? '1 object' : `${format.count(count)} objects`;
}

/** The queue in a few words, for the toolbar. */
export function totalsText(
  totals: TransferTotals,
  format: Format,
): { readonly active: boolean; readonly share: number; readonly text: string } {
  const open = totals.queued + totals.running + totals.waiting;
  const all = open + totals.paused + totals.done + totals.failed;
  const active = open + totals.planning > 0;
  const parts: string[] = [];
  if (totals.planning > 0 && all === 0) parts.push('Preparing…');
  else parts.push(`${format.count(totals.done)} of ${format.count(all)}`);
  if (totals.speed > 0) parts.push(format.speed(totals.speed));
  if (totals.secondsLeft !== null && totals.secondsLeft > 0) {
    parts.push(format.duration(totals.secondsLeft));
  }
  return {
    active,
    share: totals.bytesTotal > 0 ? Math.min(1, totals.bytesDone / totals.bytesTotal) : 0,
    text: parts.join(' · '),
  };
}
