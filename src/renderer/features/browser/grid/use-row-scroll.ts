import {
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import {
  isScaled,
  type RowMetrics,
  revealTop,
  rowsTopFor,
  type ScrollState,
  scrollTopFor,
} from './row-window.ts';

/** A scroller's state and how to move it. */
export interface RowScroll {
  readonly metrics: RowMetrics;
  readonly scroll: ScrollState;
  /** Brings a row into view. */
  readonly reveal: (position: number) => void;
  /** Scrolls to so many pixels of rows. */
  readonly scrollTo: (rowsTop: number) => void;
}

/**
 * Follows a scroller whose rows all have one height. Costs the same for ten rows and ten
 * million: nothing is measured per row.
 */
export function useRowScroll(
  scroller: RefObject<HTMLElement | null>,
  options: {
    readonly rowCount: number;
    readonly rowHeight: number;
    /** Height of what sticks to the scroller's top. */
    readonly headerHeight: number;
    readonly onScroll?: ((rowsTop: number) => void) | undefined;
  },
): RowScroll {
  const { rowCount, rowHeight, headerHeight } = options;
  const [viewport, setViewport] = useState(0);
  const [scroll, setScroll] = useState<ScrollState>({ scrollTop: 0, rowsTop: 0 });
  const metrics: RowMetrics = { rowCount, rowHeight, viewport };
  const latest = useRef({ metrics, scroll, onScroll: options.onScroll });
  useLayoutEffect(() => {
    latest.current = { metrics, scroll, onScroll: options.onScroll };
  });

  const moved = useCallback((next: ScrollState) => {
    latest.current.scroll = next;
    setScroll(next);
    latest.current.onScroll?.(next.rowsTop);
  }, []);

  const scrollTo = useCallback(
    (rowsTop: number) => {
      const element = scroller.current;
      if (!element) return;
      const now = latest.current.metrics;
      const most = Math.max(0, now.rowCount * now.rowHeight - now.viewport);
      const within = Math.min(Math.max(0, rowsTop), most);
      element.scrollTo({ top: scrollTopFor(within, now) });
      moved({ scrollTop: element.scrollTop, rowsTop: within });
    },
    [scroller, moved],
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = (): void => {
      setViewport(Math.max(0, element.clientHeight - headerHeight));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, headerHeight]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const onScroll = (): void => {
      const { scrollTop } = element;
      // Where we put it ourselves we know the row more exactly than the bar does.
      if (Math.abs(scrollTop - latest.current.scroll.scrollTop) < 1) return;
      moved({ scrollTop, rowsTop: rowsTopFor(scrollTop, latest.current.metrics) });
    };
    const onWheel = (event: WheelEvent): void => {
      if (!isScaled(latest.current.metrics) || event.ctrlKey || event.deltaY === 0)
        return;
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? rowHeight : 1;
      scrollTo(latest.current.scroll.rowsTop + event.deltaY * unit);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [scroller, rowHeight, moved, scrollTo]);

  const reveal = useCallback(
    (position: number) => {
      const { rowsTop } = latest.current.scroll;
      const next = revealTop(position, rowsTop, latest.current.metrics);
      if (next !== rowsTop) scrollTo(next);
    },
    [scrollTo],
  );

  return { metrics, scroll, reveal, scrollTo };
}
