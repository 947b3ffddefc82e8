import { type PointerEvent as ReactPointerEvent, useRef } from 'react';
import { classes } from './classes.ts';
import styles from './split-handle.module.css';

/** Props of {@link SplitHandle}. */
export interface SplitHandleProps {
  /** `vertical`: a line from top to bottom that changes a width. */
  readonly orientation: 'vertical' | 'horizontal';
  /** Which side of the line the pane is on whose size this is. */
  readonly pane: 'before' | 'after';
  /** Size of the pane in pixels. */
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Size on double click. */
  readonly initial?: number;
  readonly onChange: (value: number) => void;
  /** Called once when the drag or key press ends: the time to remember the size. */
  readonly onCommit?: (value: number) => void;
  /** Such as "Width of the sidebar". */
  readonly label: string;
}

/** The line between two panes; dragged, or moved with the arrow keys. */
export function SplitHandle(props: SplitHandleProps) {
  const { orientation, pane, value, min, max, onChange, onCommit } = props;
  const drag = useRef<{ readonly at: number; readonly size: number } | null>(null);
  const last = useRef(value);
  const isVertical = orientation === 'vertical';
  const direction = pane === 'before' ? 1 : -1;

  function apply(size: number): number {
    const next = Math.round(Math.min(max, Math.max(min, size)));
    last.current = next;
    if (next !== value) onChange(next);
    return next;
  }
  function position(event: ReactPointerEvent): number {
    return isVertical ? event.clientX : event.clientY;
  }
  function end() {
    if (drag.current === null) return;
    drag.current = null;
    onCommit?.(last.current);
  }

  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an <hr> does not take the focus
      role="separator"
      tabIndex={0}
      aria-orientation={orientation}
      aria-label={props.label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      className={classes(styles.handle, styles[orientation])}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { at: position(event), size: value };
        last.current = value;
      }}
      onPointerMove={(event) => {
        if (drag.current === null) return;
        apply(drag.current.size + (position(event) - drag.current.at) * direction);
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onDoubleClick={() => {
        if (props.initial !== undefined) onCommit?.(apply(props.initial));
      }}
      onKeyDown={(event) => {
        const step = event.shiftKey ? 50 : 10;
        const steps: Readonly<Record<string, number>> = isVertical
          ? { ArrowLeft: -step, ArrowRight: step }
          : { ArrowUp: -step, ArrowDown: step };
        const by = steps[event.key];
        let target: number | undefined;
        if (by !== undefined) target = value + by * direction;
        else if (event.key === 'Home') target = min;
        else if (event.key === 'End') target = max;
        if (target === undefined) return;
        event.preventDefault();
        onCommit?.(apply(target));
      }}
    />
  );
}
