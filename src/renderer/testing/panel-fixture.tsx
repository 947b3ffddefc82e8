import '../styles/global.css';
import type { ConnectionId, GroupId, TransferId } from '../../shared/domain/ids.ts';
import type { GroupRow, PanelEntry } from '../../shared/domain/panel.ts';
import type { TransferRow, TransferTotals } from '../../shared/domain/transfer.ts';
import { NO_TOTALS } from '../../shared/testing/totals.ts';
import { ConflictDialog } from '../features/transfers/conflict-dialog.tsx';
import { TransfersPanel } from '../features/transfers/transfers-panel.tsx';
import type { FakeAnswers } from './fake-bridge.ts';
import { panelPage, renderInWindow } from './window-fixture.tsx';

/** A row of the panel. */
export function row(id: number, change: Partial<TransferRow> = {}): TransferRow {
  return {
    id: id as TransferId,
    groupId: 1 as GroupId,
    kind: 'upload',
    state: 'queued',
    connectionId: 'c1' as ConnectionId,
    name: `file-${id}.bin`,
    bucket: 'b',
    key: `k/file-${id}.bin`,
    targetKey: null,
    localPath: `/home/file-${id}.bin`,
    bytesTotal: 40_000_000,
    bytesDone: 0,
    objectsTotal: 1,
    objectsDone: 0,
    speed: 0,
    attempt: 1,
    waitReason: null,
    waitUntil: null,
    conflict: null,
    error: null,
    integrity: '',
    note: '',
    createdAt: 0,
    finishedAt: null,
    ...change,
  };
}

const COUNTS = { all: 0, active: 0, failed: 0, finished: 0 };

/** The head of a group. */
export function group(id: number, change: Partial<GroupRow> = {}): GroupRow {
  return {
    id: id as GroupId,
    kind: 'upload',
    connectionId: 'c1' as ConnectionId,
    name: `folder-${id}`,
    items: 1,
    bucket: 'b',
    prefix: 'k/',
    folder: '',
    planning: false,
    createdAt: 0,
    queued: 0,
    running: 0,
    waiting: 0,
    paused: 0,
    failed: 0,
    cancelled: 0,
    skipped: 0,
    done: 0,
    bytesTotal: 0,
    bytesDone: 0,
    speed: 0,
    secondsLeft: null,
    ...change,
  };
}

/** A row that stands by itself. */
export function single(one: TransferRow): PanelEntry {
  return { type: 'row', row: one, inGroup: false };
}

/** Opens the panel over a queue with these rows. */
export async function openPanel(
  all: readonly TransferRow[],
  totals: Partial<TransferTotals>,
  answers: FakeAnswers = {},
) {
  return renderInWindow(
    <>
      <TransfersPanel />
      <ConflictDialog />
    </>,
    {
      'transfers.totals': () => ({ revision: 1, totals: { ...NO_TOTALS, ...totals } }),
      'panel.view': ({ offset, limit }) => {
        const first = Math.floor(offset / 2);
        const last = Math.ceil((offset + limit) / 2);
        return {
          revision: 1,
          lines: all.length * 2,
          offset: first * 2,
          entries: all.slice(first, last).map(single),
          counts: COUNTS,
          searching: false,
          capped: false,
        };
      },
      'transfers.nextConflict': () =>
        all.find((one) => one.waitReason === 'conflict') ?? null,
      'transfers.answerConflict': () => undefined,
      'transfers.retry': () => undefined,
      'transfers.pause': () => undefined,
      'transfers.cancel': () => undefined,
      'transfers.clear': () => undefined,
      'panel.reorder': () => undefined,
      ...answers,
    },
  );
}

/** Opens the panel with these entries. */
export function openEntries(entries: readonly PanelEntry[], answers: FakeAnswers = {}) {
  return openPanel(
    [],
    { queued: 1 },
    { 'panel.view': () => panelPage(entries), ...answers },
  );
}
