import { type RefObject, useEffect, useRef, useState } from 'react';
import type { SelectAction } from './select.ts';

/** The rectangle drawn while selecting, in CSS pixels of the visible part of the list. */
export interface MarqueeBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where a press started. */
export interface MarqueeStart {
  readonly clientX: number;
  readonly clientY: number;
  /** With Ctrl or Cmd: adds to what is selected. */
  readonly add: boolean;
}

/** Selecting by drawing a rectangle. */
export interface Marquee {
  /** `null`: none is being drawn. */
  readonly box: MarqueeBox | null;
  readonly start: (start: MarqueeStart) => void;
}

/** Pixels the pointer moves before a press becomes a rectangle. */
const SLACK = 4;
/** Most pixels scrolled per frame when the pointer is beyond the edge. */
const FASTEST = 40;

/** Lets one select rows by drawing a rectangle; beyond the edge the list scrolls. */
export function useMarquee(
  scroller: RefObject<HTMLElement | null>,
  options: {
    readonly rowHeight: number;
    readonly headerHeight: number;
    readonly rowCount: number;
    readonly viewport: number;
    /** Pixels of rows above the visible part. */
    readonly rowsTop: number;
    readonly scrollTo: (rowsTop: number) => void;
    readonly onSelect: (action: SelectAction) => void;
  },
): Marquee {
  const [box, setBox] = useState<MarqueeBox | null>(null);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const end = useRef<(() => void) | null>(null);
  useEffect(() => () => end.current?.(), []);

  function start({ clientX, clientY, add }: MarqueeStart): void {
    const element = scroller.current;
    if (!element) return;
    end.current?.();
    const frame = element.getBoundingClientRect();
    const top = frame.top + latest.current.headerHeight;
    /** Where it started, in pixels of rows: it moves along when the list scrolls. */
    const from = clientY - top + latest.current.rowsTop;
    let at = { x: clientX, y: clientY };
    let drawing = false;
    let ticking = 0;

    const draw = (): void => {
      const { rowsTop, rowHeight, rowCount, viewport, onSelect } = latest.current;
      const within = Math.min(Math.max(at.y - top, 0), viewport);
      const to = within + rowsTop;
      const [low, high] = from < to ? [from, to] : [to, from];
      onSelect({
        kind: 'span',
        from: Math.floor(low / rowHeight),
        to: Math.min(rowCount - 1, Math.floor(high / rowHeight)),
        add,
        fresh: !drawing,
      });
      drawing = true;
      const x = Math.min(Math.max(at.x, frame.left), frame.right);
      const upper = Math.max(0, low - rowsTop);
      setBox({
        left: Math.min(x, clientX) - frame.left,
        top: latest.current.headerHeight + upper,
        width: Math.abs(x - clientX),
        height: Math.min(viewport, high - rowsTop) - upper,
      });
    };
    const tick = (): void => {
      ticking = 0;
      const { rowsTop, viewport, scrollTo } = latest.current;
      const beyond = at.y < top ? at.y - top : Math.max(0, at.y - top - viewport);
      if (beyond === 0) return;
      scrollTo(rowsTop + Math.max(-FASTEST, Math.min(FASTEST, beyond)));
      draw();
      ticking = requestAnimationFrame(tick);
    };
    const onMove = (event: PointerEvent): void => {
      if (event.buttons === 0) {
        end.current?.();
        return;
      }
      at = { x: event.clientX, y: event.clientY };
      if (!drawing && Math.hypot(at.x - clientX, at.y - clientY) < SLACK) return;
      draw();
      if (ticking === 0) ticking = requestAnimationFrame(tick);
    };
    const onEnd = (): void => end.current?.();
    end.current = () => {
      end.current = null;
      cancelAnimationFrame(ticking);
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onEnd);
      window.removeEventListener('blur', onEnd);
      setBox(null);
    };
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onEnd);
    window.addEventListener('blur', onEnd);
  }

  return { box, start };
}
