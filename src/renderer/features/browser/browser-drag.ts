import { type DragEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useServices } from '../../app/services.ts';
import type { SelectedItems } from './actions/items.ts';
import { positionOfEvent } from './grid/virtual-grid.tsx';

/** What the list does with drags. */
export interface BrowserDrag {
  /** Handlers of the area around the list. */
  readonly area: {
    readonly onDragOver: (event: DragEvent<HTMLElement>) => void;
    readonly onDragLeave: (event: DragEvent<HTMLElement>) => void;
    readonly onDrop: (event: DragEvent<HTMLElement>) => void;
  };
  readonly onRowDragStart: (position: number, event: DragEvent<HTMLElement>) => void;
  /** Folder row that would take the drop; `null`: none. */
  readonly dropPosition: number | null;
  /** The folder on screen would take the drop. */
  readonly dropHere: boolean;
}

type Target =
  | { readonly kind: 'row'; readonly position: number; readonly prefix: string }
  | { readonly kind: 'here' }
  /** A folder of the breadcrumb; the step marks itself. */
  | { readonly kind: 'step'; readonly element: Element; readonly prefix: string }
  | null;

function stepOf(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest('[data-drop-prefix]') : null;
}

function isSameTarget(a: Target, b: Target): boolean {
  if (a?.kind === 'row' && b?.kind === 'row') return a.position === b.position;
  if (a?.kind === 'step' && b?.kind === 'step') return a.element === b.element;
  return a?.kind === b?.kind;
}

/**
 * Drags into, out of and within the list. A drag of rows is handed to the operating system
 * at once (it may end on the desktop); while the pointer stays in the window we follow it
 * ourselves, so that rows can be moved into a folder.
 */
export function useBrowserDrag(): BrowserDrag {
  const { bridge, pane, items, reportError } = useServices();
  const [target, setTarget] = useState<Target>(null);
  /** Rows on their way, from our own list. */
  const own = useRef<SelectedItems | null>(null);
  const endOwn = useRef<(() => void) | null>(null);

  useEffect(() => () => endOwn.current?.(), []);

  function targetAt(element: EventTarget | null): Target {
    const { model, location } = pane.store.getState();
    // A folder still on its way takes files, too.
    if (!location || location.bucket === null) return null;
    const step = stepOf(element);
    if (step) {
      const prefix = step.getAttribute('data-drop-prefix') ?? '';
      // What one drags lies in the folder on screen: no need to move it there.
      const stays = own.current !== null && prefix === location.prefix;
      return stays ? null : { kind: 'step', element: step, prefix };
    }
    const position = positionOfEvent(element);
    const row = position < 0 ? null : model?.at(position);
    const moving = own.current;
    if (row?.kind === 'folder') {
      // A folder does not go into itself.
      const itself = moving?.items.some((item) => item.key === row.key) ?? false;
      if (!itself) return { kind: 'row', position, prefix: row.key };
    }
    return moving ? null : { kind: 'here' };
  }

  function show(next: Target): void {
    setTarget((now) => (isSameTarget(now, next) ? now : next));
  }

  function onDragOver(event: DragEvent<HTMLElement> | globalThis.DragEvent): void {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    const next = targetAt(event.target);
    show(next);
    event.preventDefault();
    event.dataTransfer.dropEffect =
      next === null ? 'none' : own.current ? 'move' : 'copy';
  }

  function onDrop(event: DragEvent<HTMLElement> | globalThis.DragEvent): void {
    event.preventDefault();
    const next = targetAt(event.target);
    const moving = own.current;
    show(null);
    endOwn.current?.();
    if (next === null) return;
    if (moving) {
      if (next.kind !== 'here') items.askMove(moving, next.prefix);
      return;
    }
    const { location } = pane.store.getState();
    const prefix = next.kind === 'here' ? (location?.prefix ?? '') : next.prefix;
    const paths = bridge.pathsForFiles([...(event.dataTransfer?.files ?? [])]);
    items.uploadPaths(paths, prefix).catch(reportError);
  }

  function onRowDragStart(position: number, event: DragEvent<HTMLElement>): void {
    event.preventDefault();
    const { model, selection } = pane.store.getState();
    if (!model) return;
    if (!selection.rows.has(model.rowAt(position))) {
      pane.select({ kind: 'click', position, toggle: false, range: false });
    }
    const moving = items.selected();
    if (!moving) return;
    endOwn.current?.();
    own.current = moving;
    const onPointerMove = (move: PointerEvent): void => {
      if (move.buttons === 0) {
        endOwn.current?.();
        return;
      }
      show(targetAt(document.elementFromPoint(move.clientX, move.clientY)));
    };
    const onPointerUp = (up: PointerEvent): void => {
      const next = targetAt(document.elementFromPoint(up.clientX, up.clientY));
      endOwn.current?.();
      if (next && next.kind !== 'here') items.askMove(moving, next.prefix);
    };
    const onKeyDown = (press: KeyboardEvent): void => {
      if (press.key === 'Escape') endOwn.current?.();
    };
    endOwn.current = () => {
      own.current = null;
      endOwn.current = null;
      show(null);
      window.removeEventListener('pointermove', onPointerMove);
      window.removeEventListener('pointerup', onPointerUp);
      window.removeEventListener('keydown', onKeyDown);
    };
    window.addEventListener('pointermove', onPointerMove);
    window.addEventListener('pointerup', onPointerUp);
    window.addEventListener('keydown', onKeyDown);
    items.dragOut(moving).catch(reportError);
  }

  const overStep = useEffectEvent((event: globalThis.DragEvent) => {
    if (stepOf(event.target)) onDragOver(event);
    else if (target?.kind === 'step') show(null);
  });
  const onStep = useEffectEvent((event: globalThis.DragEvent) => {
    if (stepOf(event.target)) onDrop(event);
  });
  // The breadcrumb lies outside the list: its steps take drops by way of the window.
  useEffect(() => {
    const over = (event: globalThis.DragEvent): void => overStep(event);
    const drop = (event: globalThis.DragEvent): void => onStep(event);
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
  const step = target?.kind === 'step' ? target.element : null;
  useEffect(() => {
    step?.setAttribute('data-drop-target', '');
    return () => step?.removeAttribute('data-drop-target');
  }, [step]);

  return {
    area: {
      onDragOver,
      onDrop,
      onDragLeave: (event) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node) || !event.currentTarget.contains(to)) show(null);
      },
    },
    onRowDragStart,
    dropPosition: target?.kind === 'row' ? target.position : null,
    dropHere: target?.kind === 'here',
  };
}
