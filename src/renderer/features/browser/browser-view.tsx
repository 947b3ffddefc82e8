import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../../app/services.ts';
import { ContextMenu } from '../../components/menu.tsx';
import { cutKeys } from './actions/clipboard.ts';
import { BrokeOff } from './broke-off.tsx';
import { columnsFor } from './browser-columns.ts';
import { useBrowserDrag } from './browser-drag.ts';
import styles from './browser-view.module.css';
import { itemMenu } from './context-menus.ts';
import { type GridHandle, ROW_HEIGHT, VirtualGrid } from './grid/virtual-grid.tsx';
import { InsteadOfRows } from './instead-of-rows.tsx';
import type { Row, SortColumn } from './model/columns.ts';
import { NameCell } from './name-cell.tsx';
import { StatusLine } from './status-line.tsx';
import { useWidth } from './use-width.ts';

/** The list of a folder or of the buckets, with its menu, drops and status line. */
export function BrowserView() {
  const services = useServices();
  const { pane, items, clipboard, settings, format, focus } = services;
  const grid = useRef<GridHandle>(null);
  const model = useStore(pane.store, (state) => state.model);
  // The model changes in place; this tells when.
  useStore(pane.store, (state) => state.version);
  const location = useStore(pane.store, (state) => state.location);
  const phase = useStore(pane.store, (state) => state.phase);
  const selection = useStore(pane.store, (state) => state.selection);
  const taken = useStore(clipboard.store, (state) => state.taken);
  const cut = useMemo(() => cutKeys(taken, location), [taken, location]);
  const sort = useStore(pane.store, (state) => state.sort);
  const widths = useStore(settings.store, (state) => state.settings?.columnWidths);
  const buckets = location?.bucket === null;
  const area = useRef<HTMLDivElement>(null);
  const available = useWidth(area);
  const columns = columnsFor(buckets ? 'buckets' : 'objects', widths ?? {}, available);
  const drag = useBrowserDrag();
  const length = model?.length ?? 0;

  useEffect(() => focus.register('list', () => grid.current?.focus()), [focus]);
  // Having connected, one wants to be in the list; a dialog that closes gives way to it.
  const connectionId = location?.connectionId;
  useEffect(() => {
    if (connectionId !== undefined) grid.current?.focus();
  }, [connectionId]);

  // A listing that comes back scrolls to where one left it, once the rows are there.
  useEffect(() => {
    const top = pane.takeScroll(length * ROW_HEIGHT);
    if (top !== null) grid.current?.scrollTo(top);
  });

  const noteScroll = useCallback((top: number) => pane.noteScroll(top), [pane]);

  function cell(row: Row, column: string): React.ReactNode {
    switch (column) {
      case 'name':
        return <NameCell row={row} isCut={cut.has(row.key)} />;
      case 'size':
        return row.size === null ? '—' : format.bytes(row.size);
      case 'modified':
        return row.modified === null ? '—' : format.date(row.modified);
      case 'kind':
        return row.kindText;
      default:
        return row.storageClass;
    }
  }

  function changeSort(column: string): void {
    pane.setSort({
      column: column as SortColumn,
      descending: sort.column === column ? !sort.descending : false,
    });
  }

  if (!model || !location) return null;
  const focusPosition = selection.focus < 0 ? -1 : model.positionOf(selection.focus);
  return (
    <>
      <ContextMenu
        area={<div ref={area} className={styles.area} {...drag.area} />}
        items={() => itemMenu(services)}
      >
        <VirtualGrid
          ref={grid}
          label={buckets ? 'Buckets' : 'Files and folders'}
          columns={columns}
          rowCount={length}
          rowId={(position) => model.rowAt(position)}
          renderCell={(position, column) => {
            const row = model.at(position);
            return row && cell(row, column);
          }}
          isSelected={(position) => selection.rows.has(model.rowAt(position))}
          hasManySelected={selection.rows.size > 1}
          focusPosition={focusPosition}
          sort={sort}
          onSort={changeSort}
          onColumnWidth={(column, width) =>
            settings.change({ columnWidths: { ...widths, [column]: width } })
          }
          onSelect={(action) => pane.select(action)}
          onActivate={(position) => {
            const row = model.at(position);
            if (row) items.activate(row);
          }}
          onTypeAhead={(text) => pane.typeAhead(text)}
          onScroll={noteScroll}
          onRowDragStart={buckets ? undefined : drag.onRowDragStart}
          dropPosition={drag.dropPosition}
          busy={phase === 'loading'}
        >
          {length === 0 ? <InsteadOfRows /> : undefined}
        </VirtualGrid>
        {drag.dropHere && <div className={styles.dropFrame} aria-hidden="true" />}
      </ContextMenu>
      {length > 0 && <BrokeOff />}
      <StatusLine />
    </>
  );
}
