/* oxlint-disable jsx-a11y/prefer-tag-over-role -- rows drawn on demand cannot be a <table> */
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useStore } from 'zustand';
import type { GroupId } from '../../../shared/domain/ids.ts';
import type { PanelEntry } from '../../../shared/domain/panel.ts';
import type { TransferRow } from '../../../shared/domain/transfer.ts';
import { useServices } from '../../app/services.ts';
import { classes } from '../../components/classes.ts';
import { entryKey } from '../../stores/panel-entries.ts';
import { bodyHeight, rowRange } from '../browser/grid/row-window.ts';
import { useRowScroll } from '../browser/grid/use-row-scroll.ts';
import { dayText } from './day-text.ts';
import { GroupItem } from './group-item.tsx';
import { placeEntries, stepPlace } from './list-model.ts';
import { isMovable, type TransferActions, verbsForEntry } from './transfer-actions.ts';
import entryStyles from './transfer-entry.module.css';
import { TransferItem } from './transfer-item.tsx';
import styles from './transfers-panel.module.css';
import { useReorder } from './use-reorder.ts';

/** Height of a line in CSS pixels. */
const LINE_HEIGHT = 24;

/** What a parent asks of the list. */
export interface TransferListHandle {
  /** Selected entries that are loaded. */
  readonly selectedEntries: () => readonly PanelEntry[];
  /** The element of the focused entry. */
  readonly element: () => Element | null;
}

/** Props of {@link TransferList}. */
export interface TransferListProps {
  readonly ref?: Ref<TransferListHandle>;
  readonly actions: TransferActions;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (keys: ReadonlySet<string>) => void;
  /** Asks for the details of a row, to be shown at this element. */
  readonly onDetails: (row: TransferRow, anchor: Element | null) => void;
  /** The list goes, and had the focus. */
  readonly onFocusLost: () => void;
}

/** The queue; only what is in view (and some around it) is ever fetched. */
export function TransferList(props: TransferListProps) {
  const { ref, actions, selected, onSelect, onDetails, onFocusLost } = props;
  const { transfers, format } = useServices();
  const entries = useStore(transfers.store, (state) => state.entries);
  const offset = useStore(transfers.store, (state) => state.offset);
  const lines = useStore(transfers.store, (state) => state.lines);
  const filter = useStore(transfers.store, (state) => state.filter);
  const text = useStore(transfers.store, (state) => state.text);
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const anchor = useRef<string | null>(null);
  /** What is selected alone if the press on it becomes no drag. */
  const pressed = useRef<string | null>(null);
  /** Where the focused entry stood when it was there last. */
  const stood = useRef(0);
  /** The end of the list that is to be focused once it is there. */
  const pending = useRef<'first' | 'last' | null>(null);
  const { metrics, scroll, reveal } = useRowScroll(scroller, {
    rowCount: lines,
    rowHeight: LINE_HEIGHT,
    headerHeight: 0,
  });
  const { first, last } = rowRange(scroll.rowsTop, metrics);
  useEffect(() => transfers.show(first, last), [transfers, first, last]);

  const placed = useMemo(() => placeEntries(entries, offset), [entries, offset]);
  const choosable = placed.filter(({ entry }) => entry.type !== 'day');
  const selectedEntries = (): readonly PanelEntry[] =>
    entries.filter((entry) => selected.has(entryKey(entry)));
  useImperativeHandle(ref, () => ({
    selectedEntries,
    element: () => document.querySelector(`#${CSS.escape(`${id}-${focused}`)}`),
  }));

  const indexOf = (key: string | null): number =>
    choosable.findIndex(({ entry }) => entryKey(entry) === key);
  const focusedLine = choosable[indexOf(focused)]?.line;
  useEffect(() => {
    if (focusedLine !== undefined) stood.current = focusedLine;
  }, [focusedLine]);
  // Of the layout: later the element is gone, and nobody knows what it had.
  useLayoutEffect(() => {
    const element = scroller.current;
    return () => {
      if (document.activeElement === element) onFocusLost();
    };
  }, [onFocusLost]);
  /** In a filter or a search one sees only some of what would change places. */
  const reorders = text === '' && (filter === 'all' || filter === 'active');

  const drag = useReorder({
    scroller,
    placed,
    moved: () => selectedEntries().filter(isMovable),
    lineAt: (clientY) => {
      const top = scroller.current?.getBoundingClientRect().top ?? 0;
      return (scroll.rowsTop + clientY - top) / LINE_HEIGHT;
    },
    onDrop: (moved, place) => actions.move(moved, place),
  });

  function selectTo(index: number, range: boolean): void {
    const target = choosable[index];
    if (!target) return;
    const key = entryKey(target.entry);
    const from = range ? indexOf(anchor.current) : -1;
    if (from < 0) {
      anchor.current = key;
      onSelect(new Set([key]));
    } else {
      const chosen = choosable.slice(Math.min(from, index), Math.max(from, index) + 1);
      onSelect(new Set(chosen.map(({ entry }) => entryKey(entry))));
    }
    setFocused(key);
    // Both of its lines.
    reveal(target.line + 1);
    reveal(target.line);
  }

  const latest = useRef({ indexOf, selectTo, selected, onSelect, reorders, drag });
  useEffect(() => {
    latest.current = { indexOf, selectTo, selected, onSelect, reorders, drag };
  });
  // The same functions at every drawing: entries that did not change are not drawn again.
  const onMouseDown = useCallback((entry: PanelEntry, event: MouseEvent) => {
    const now = latest.current;
    pressed.current = null;
    scroller.current?.focus({ preventScroll: true });
    const key = entryKey(entry);
    if (event.target instanceof Element && event.target.closest('button')) {
      // The button goes with what it did, and would take the focus with it.
      event.preventDefault();
      setFocused(key);
      return;
    }
    if (event.button === 2 && now.selected.has(key)) return;
    if (event.ctrlKey || event.metaKey) {
      const next = new Set(now.selected);
      if (!next.delete(key)) next.add(key);
      anchor.current = key;
      setFocused(key);
      now.onSelect(next);
      return;
    }
    // What is selected is dragged as it is.
    if (!now.selected.has(key) || event.shiftKey) {
      now.selectTo(now.indexOf(key), event.shiftKey);
    } else {
      setFocused(key);
      if (event.button === 0) pressed.current = key;
    }
    if (event.button === 0 && now.reorders && isMovable(entry)) {
      now.drag.press(event.clientY);
    }
  }, []);
  const setOpen = useCallback(
    (groupId: GroupId, open: boolean) => transfers.setOpen(groupId, open),
    [transfers],
  );
  const showDetails = useCallback(
    (row: TransferRow) => {
      onDetails(row, document.querySelector(`#${CSS.escape(`${id}-t${row.id}`)}`));
    },
    [onDetails, id],
  );

  useEffect(() => {
    const wanted = pending.current;
    if (wanted === null || choosable.length === 0) return;
    const isThere =
      wanted === 'first' ? offset === 0 : (placed.at(-1)?.line ?? 0) + 2 >= lines;
    if (!isThere) return;
    pending.current = null;
    selectTo(wanted === 'first' ? 0 : choosable.length - 1, false);
  });

  function move(step: number, range: boolean): void {
    const here = indexOf(focused);
    // What was taken off the list left its place to the next one.
    const gone = here < 0 && focused !== null;
    const after = choosable.findIndex(({ line }) => line >= stood.current);
    const from = gone
      ? (after < 0 ? choosable.length : after) - (step > 0 ? 1 : 0)
      : here;
    const next = Math.min(Math.max(0, from + step), choosable.length - 1);
    selectTo(next, range);
  }

  function fold(open: boolean): void {
    const here = choosable[indexOf(focused)]?.entry;
    if (here?.type === 'group') transfers.setOpen(here.group.id, open);
    else if (here?.type === 'row' && here.inGroup && !open) {
      const { groupId } = here.row;
      const head = choosable.findIndex(
        ({ entry }) => entry.type === 'group' && entry.group.id === groupId,
      );
      if (head >= 0) selectTo(head, false);
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.target !== scroller.current) return;
    const chosen = selectedEntries();
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      const moved = chosen.filter(isMovable);
      const place = reorders
        ? stepPlace(entries, moved, event.key === 'ArrowUp' ? -1 : 1)
        : null;
      if (place !== null) actions.move(moved, place);
      return;
    }
    if (event.key === 'Escape' && drag.dragging) {
      event.stopPropagation();
      drag.cancel();
      return;
    }
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 'a') {
      event.preventDefault();
      onSelect(new Set(choosable.map(({ entry }) => entryKey(entry))));
      return;
    }
    if (command || event.altKey) return;
    const page = Math.max(1, Math.floor(metrics.viewport / LINE_HEIGHT / 2));
    const keys: Readonly<Record<string, () => void>> = {
      ArrowUp: () => move(-1, event.shiftKey),
      ArrowDown: () => move(1, event.shiftKey),
      PageUp: () => move(-page, event.shiftKey),
      PageDown: () => move(page, event.shiftKey),
      ArrowRight: () => fold(true),
      ArrowLeft: () => fold(false),
      Home: () => goTo('first'),
      End: () => goTo('last'),
      Enter: () => {
        const here = choosable[indexOf(focused)]?.entry;
        if (here?.type === 'row') showDetails(here.row);
        if (here?.type === 'group') transfers.setOpen(here.group.id, !here.open);
      },
      Delete: () => remove(chosen),
      Backspace: () => remove(chosen),
      ' ': () => {
        for (const verb of ['pause', 'resume', 'retry'] as const) {
          actions.runOn(verb, chosen);
        }
      },
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  function goTo(end: 'first' | 'last'): void {
    pending.current = end;
    reveal(end === 'first' ? 0 : Math.max(0, lines - 1));
    // Where it is in view already nothing else would draw it.
    onSelect(new Set(selected));
  }

  /** What moves is stopped, what came to its end is only taken off the list. */
  function remove(chosen: readonly PanelEntry[]): void {
    const open = chosen.filter((entry) => verbsForEntry(entry).includes('cancel'));
    actions.runOn('cancel', open);
    actions.runOn(
      'clear',
      chosen.filter((entry) => !open.includes(entry)),
    );
  }

  const topOf = (line: number): number =>
    scroll.scrollTop + line * LINE_HEIGHT - scroll.rowsTop;
  const shown: ReactNode[] = [];
  for (const { entry, line } of placed) {
    if (line + 1 < first || line > last) continue;
    const key = entryKey(entry);
    // By place, not by name: while many small files move, what stands in a place changes
    // all the time, and changing words is cheaper than making new elements.
    const slot = `${entry.type}${line}`;
    if (entry.type === 'day') {
      shown.push(
        <div
          key={slot}
          role="row"
          aria-level={1}
          aria-rowindex={line + 1}
          className={entryStyles.day}
          style={{ transform: `translateY(${topOf(line)}px)` }}
        >
          <span role="gridcell" aria-colindex={1}>
            {dayText(entry.day, format)}
          </span>
        </div>,
      );
      continue;
    }
    const common = {
      id: `${id}-${key}`,
      line,
      top: topOf(line),
      selected: selected.has(key),
      focused: focused === key,
      actions,
      onMouseDown,
    };
    shown.push(
      entry.type === 'group' ? (
        <GroupItem key={slot} {...common} entry={entry} onOpen={setOpen} />
      ) : (
        <TransferItem key={slot} {...common} entry={entry} onDetails={showDetails} />
      ),
    );
  }
  return (
    <div
      ref={scroller}
      role="treegrid"
      tabIndex={0}
      aria-label="Transfers"
      aria-multiselectable="true"
      aria-rowcount={lines}
      aria-colcount={2}
      aria-activedescendant={
        focused !== null && indexOf(focused) >= 0 ? `${id}-${focused}` : undefined
      }
      className={classes(styles.scroller, drag.dragging && styles.dragging)}
      onKeyDown={onKeyDown}
      onPointerMove={drag.onPointerMove}
      onPointerUp={(event) => {
        const key = pressed.current;
        pressed.current = null;
        if (key !== null && !drag.dragging) selectTo(indexOf(key), false);
        drag.onPointerUp(event);
      }}
      onPointerLeave={() => {
        pressed.current = null;
      }}
      onPointerCancel={() => {
        pressed.current = null;
        drag.onPointerCancel();
      }}
      onContextMenu={(event) => {
        const { target, button } = event;
        const isAside =
          button === 2 &&
          !(target instanceof Element && target.closest('[aria-selected=true]'));
        // An empty menu, or one for what is somewhere else.
        if (!isAside && selectedEntries().length > 0) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div
        role="rowgroup"
        className={styles.body}
        style={{ height: bodyHeight(metrics) }}
      >
        {shown}
      </div>
      {drag.gap !== null && (
        <div
          className={entryStyles.drop}
          style={{ transform: `translateY(${topOf(drag.gap) - 1}px)` }}
        />
      )}
    </div>
  );
}
