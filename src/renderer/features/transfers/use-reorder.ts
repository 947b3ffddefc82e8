import { type PointerEvent, type RefObject, useRef, useState } from 'react';
import type { PanelPlace } from '../../../shared/contract/panel.ts';
import type { PanelEntry } from '../../../shared/domain/panel.ts';
import { dropPlace, type PlacedEntry } from './list-model.ts';

/** So many pixels and a click has become a drag. */
const THRESHOLD = 5;

/** A drag that changes the order of the queue. */
export interface Reorder {
  /** Line of the gap where the dragged entries would go; `null`: nowhere. */
  readonly gap: number | null;
  readonly dragging: boolean;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: (event: PointerEvent) => void;
  readonly onPointerCancel: () => void;
  /** A press on what may be dragged. */
  readonly press: (y: number) => void;
  readonly cancel: () => void;
}

interface Options {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly placed: readonly PlacedEntry[];
  /** What is dragged: the selection, once it is a drag. */
  readonly moved: () => readonly PanelEntry[];
  /** The line under a point of the window. */
  readonly lineAt: (clientY: number) => number;
  readonly onDrop: (moved: readonly PanelEntry[], place: PanelPlace) => void;
}

/** Lets entries be dragged up and down. */
export function useReorder(options: Options): Reorder {
  const start = useRef<number | null>(null);
  const [drop, setDrop] = useState<ReturnType<typeof dropPlace>>(null);
  const [dragging, setDragging] = useState(false);

  const end = (): void => {
    start.current = null;
    setDrop(null);
    setDragging(false);
  };
  return {
    gap: drop?.line ?? null,
    dragging,
    press: (y) => {
      start.current = y;
    },
    cancel: end,
    onPointerCancel: end,
    onPointerMove: (event) => {
      if (start.current === null) return;
      if (event.buttons !== 1) {
        end();
        return;
      }
      if (!dragging && Math.abs(event.clientY - start.current) < THRESHOLD) return;
      const element = options.scroller.current;
      if (!element) return;
      if (!dragging) {
        setDragging(true);
        element.setPointerCapture(event.pointerId);
      }
      const box = element.getBoundingClientRect();
      if (event.clientY < box.top + 12) element.scrollBy({ top: -24 });
      if (event.clientY > box.bottom - 12) element.scrollBy({ top: 24 });
      setDrop(dropPlace(options.placed, options.moved(), options.lineAt(event.clientY)));
    },
    onPointerUp: () => {
      const moved = options.moved();
      if (dragging && drop !== null) options.onDrop(moved, drop.place);
      end();
    },
  };
}
