import type { GroupRow } from '../../../shared/domain/panel.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { Format } from '../../../shared/lib/format.ts';
import { displayName } from '../browser/model/display-name.ts';
import { amountOf, DOT } from './describe.ts';
import { timeLeftText } from './time-left.ts';

/** What the head of a group says. */
export interface GroupText {
  /** What was asked for, such as `photos and 2 more`. */
  readonly name: string;
  /** Where it goes, or where it was. */
  readonly route: string;
  readonly status: string;
  /** 0 to 1; `null`: not known; `undefined`: nothing to show. */
  readonly share: number | null | undefined;
  readonly state:
    | 'running'
    | 'waiting'
    | 'paused'
    | 'failed'
    | 'done'
    | 'cancelled'
    | 'skipped';
}

const VERBS: Readonly<Record<GroupRow['kind'], string>> = {
  upload: 'Upload',
  download: 'Download',
  delete: 'Delete',
  move: 'Move',
  copy: 'Copy',
  edit: 'Change',
};

/** What a bulk change changes, as a group keeps it. */
const WHAT: Readonly<Record<string, string>> = {
  acl: 'Permissions',
  headers: 'Headers and metadata',
  tags: 'Tags',
};

/** Transfers of a group in all states. */
export function groupTotal(group: GroupRow): number {
  return openIn(group) + group.failed + group.done + group.skipped + group.cancelled;
}

/** Transfers of a group that are still to move. */
export function openIn(group: GroupRow): number {
  return group.queued + group.running + group.waiting + group.paused;
}

/** The words of a group's head; `secondsLeft` from `TimeLeft`. */
export function describeGroup(
  group: GroupRow,
  format: Format,
  secondsLeft: number | null,
): GroupText {
  const state = stateOf(group);
  return {
    name: nameOf(group, format),
    route: routeOf(group),
    status: statusOf(group, state, format, secondsLeft),
    share: shareOf(group),
    state,
  };
}

function nameOf({ name, items, kind }: GroupRow, format: Format): string {
  if (name === '') return VERBS[kind];
  const first = displayName(name);
  return items > 1 ? `${first} and ${format.count(items - 1)} more` : first;
}

function routeOf(group: GroupRow): string {
  const inner = displayPrefix(group.prefix);
  const place = inner === '' ? group.bucket : `${group.bucket}/${inner}`;
  switch (group.kind) {
    case 'upload':
      return `→ ${place}`;
    case 'download':
      return `→ ${group.folder}`;
    case 'delete':
      return place;
    case 'edit':
      return `${WHAT[group.folder] ?? 'Change'} in ${place}`;
    case 'move':
    case 'copy':
      return `→ ${displayPrefix(group.folder)}`;
    default:
      return assertNever(group.kind);
  }
}

function displayPrefix(prefix: string): string {
  const inner = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return inner === '' ? '' : displayName(inner);
}

function stateOf(group: GroupRow): GroupText['state'] {
  if (group.running > 0) return 'running';
  if (group.planning || group.queued > 0) {
    return group.waiting > 0 ? 'waiting' : 'running';
  }
  if (group.waiting > 0) return 'waiting';
  if (group.paused > 0) return 'paused';
  if (group.failed > 0) return 'failed';
  if (group.done > 0) return 'done';
  if (group.cancelled > 0) return 'cancelled';
  return group.skipped > 0 ? 'skipped' : 'done';
}

function statusOf(
  group: GroupRow,
  state: GroupText['state'],
  format: Format,
  secondsLeft: number | null,
): string {
  // Rows of a bulk change stand for many objects.
  const total = group.objects?.total ?? groupTotal(group);
  const done = group.objects?.done ?? group.done;
  const ended = done + group.skipped;
  const open = openIn(group);
  const parts: string[] = [];
  if (open > 0 || group.planning) {
    if (state === 'paused') parts.push('Paused');
    if (total > 0) {
      parts.push(
        group.planning
          ? `${format.count(ended)} of ${format.count(total)} so far`
          : `${format.count(ended)} of ${format.count(total)}`,
      );
    }
  } else {
    parts.push(
      `${format.count(done)} ${done === 1 ? 'item' : 'items'} ${DONE[group.kind]}`,
    );
  }
  if (group.failed > 0) parts.push(`${format.count(group.failed)} failed`);
  if (group.skipped > 0) parts.push(`${format.count(group.skipped)} skipped`);
  if (group.cancelled > 0) parts.push(`${format.count(group.cancelled)} cancelled`);
  if (group.bytesTotal > 0 && group.kind !== 'delete' && group.kind !== 'edit') {
    parts.push(
      open > 0
        ? amountOf(group.bytesDone, group.bytesTotal, format)
        : format.bytes(group.bytesDone),
    );
  }
  if (group.running > 0 && group.speed > 0) parts.push(format.speed(group.speed));
  if (state === 'waiting' && group.running === 0) {
    parts.push(`${format.count(group.waiting)} waiting`);
  }
  if (group.planning) parts.push('still counting…');
  else if (secondsLeft !== null && group.running > 0) {
    parts.push(timeLeftText(secondsLeft, format));
  }
  return parts.join(DOT);
}

const DONE: Readonly<Record<GroupRow['kind'], string>> = {
  upload: 'uploaded',
  download: 'downloaded',
  delete: 'deleted',
  move: 'moved',
  copy: 'copied',
  edit: 'changed',
};

function shareOf(group: GroupRow): number | null | undefined {
  const total = groupTotal(group);
  if (openIn(group) === 0) return group.planning ? null : undefined;
  const { objects } = group;
  if (objects !== undefined) {
    return objects.total > 0 ? Math.min(1, objects.done / objects.total) : null;
  }
  if (group.bytesTotal > 0) return Math.min(1, group.bytesDone / group.bytesTotal);
  return (total - openIn(group)) / total;
}
