import { Copy, Eraser, Search, TriangleAlert, X } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { RequestEntry } from '../../../shared/domain/request-entry.ts';
import type { Format } from '../../../shared/lib/format.ts';
import { useServices } from '../../app/services.ts';
import { classes } from '../../components/classes.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { ContextMenu } from '../../components/menu.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { RowTable, type TableColumn } from '../records/row-table.tsx';
import { filterEntries, isFailed, lineOf, outcomeOf } from './request-log.ts';
import styles from './request-log-panel.module.css';

const COLUMNS: readonly TableColumn[] = [
  { id: 'time', label: 'Time', width: '82px' },
  { id: 'operation', label: 'Operation', width: '150px' },
  { id: 'key', label: 'Object', width: 'minmax(160px, 1fr)' },
  { id: 'status', label: 'Status', width: '150px' },
  { id: 'ms', label: 'ms', width: '64px', end: true },
  { id: 'bytes', label: 'Size', width: '88px', end: true },
  { id: 'id', label: 'Request ID', width: '180px' },
];

/** The request log: what was asked of servers, live, for the curious. */
export function RequestLogPanel() {
  const { api, requestLog, settings, format, reportError } = useServices();
  useEffect(() => requestLog.watch(), [requestLog]);
  const entries = useStore(requestLog.store, (state) => state.entries);
  const text = useStore(requestLog.store, (state) => state.text);
  const errorsOnly = useStore(requestLog.store, (state) => state.errorsOnly);
  const [selected, setSelected] = useState<number | null>(null);
  const shown = useMemo(
    () => filterEntries(entries, { text, errorsOnly }),
    [entries, text, errorsOnly],
  );
  const place = shown.findIndex(({ seq }) => seq === selected);
  const copy = (): void => {
    const entry = shown[place];
    if (entry) api.app.copyText({ text: lineOf(entry) }).catch(reportError);
  };
  return (
    <div className={styles.panel}>
      <div className={styles.bar}>
        <h2 className={styles.title}>Requests</h2>
        <span className={styles.count}>{format.count(shown.length)}</span>
        <span className={styles.space} />
        <div className={styles.search}>
          <TextInput
            type="search"
            value={text}
            onChange={(next) => requestLog.setView({ text: next })}
            aria-label="Filter requests"
            placeholder="Filter"
            icon={<Search size={13} />}
            className={styles.field}
          />
        </div>
        <IconButton
          label="Errors Only"
          icon={<TriangleAlert size={15} />}
          pressed={errorsOnly}
          onClick={() => requestLog.setView({ errorsOnly: !errorsOnly })}
        />
        <IconButton
          label="Copy Request"
          icon={<Copy size={15} />}
          disabled={place < 0}
          onClick={copy}
        />
        <IconButton
          label="Clear Requests"
          icon={<Eraser size={15} />}
          disabled={entries.length === 0}
          onClick={() => {
            setSelected(null);
            requestLog.clear().catch(reportError);
          }}
        />
        <IconButton
          label="Close Request Log"
          icon={<X size={15} />}
          onClick={() => settings.change({ requestsVisible: false })}
        />
      </div>
      {shown.length === 0 ? (
        <div className={styles.empty}>
          <EmptyState
            title={entries.length === 0 ? 'No requests yet' : 'No request matches'}
          >
            {entries.length === 0
              ? 'What Dipper asks of servers shows here. Nothing of it is stored.'
              : undefined}
          </EmptyState>
        </div>
      ) : (
        <ContextMenu
          area={<div className={styles.area} />}
          items={() => [
            {
              kind: 'item',
              id: 'copy',
              label: 'Copy Request',
              disabled: place < 0,
              onSelect: copy,
            },
          ]}
        >
          <RowTable
            label="Requests"
            columns={COLUMNS}
            minWidth={780}
            rowCount={shown.length}
            rowKey={(index) => String(shown[index]?.seq)}
            renderCell={(index, column) => {
              const entry = shown[index];
              return entry ? (
                <Cell entry={entry} column={column} format={format} />
              ) : null;
            }}
            selected={place}
            onSelect={(index) => setSelected(shown[index]?.seq ?? null)}
            onCopy={copy}
            followEnd
          />
        </ContextMenu>
      )}
    </div>
  );
}

function Cell({
  entry,
  column,
  format,
}: {
  readonly entry: RequestEntry;
  readonly column: string;
  readonly format: Format;
}) {
  switch (column) {
    case 'time':
      return <span className={styles.faint}>{timeOf(entry.at)}</span>;
    case 'operation':
      return entry.operation;
    case 'key': {
      const place = `${entry.bucket}/${entry.key}`;
      return <span title={place}>{entry.bucket === '' ? 'All buckets' : place}</span>;
    }
    case 'status': {
      const words = outcomeOf(entry);
      return (
        <span className={classes(isFailed(entry) && styles.failed)} title={words}>
          {words}
        </span>
      );
    }
    case 'ms':
      return format.count(Math.max(1, Math.round(entry.ms)));
    case 'bytes':
      return (
        <span className={styles.faint}>
          {entry.bytes === 0 ? '' : format.bytes(entry.bytes)}
        </span>
      );
    default:
      return <span className={styles.code}>{entry.requestId}</span>;
  }
}

/** Hours to seconds, here and now. */
function timeOf(ms: number): string {
  const time = new Date(ms);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
