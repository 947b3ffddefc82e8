import { type ReactNode, useEffect, useRef } from 'react';
import { useServices } from '../../app/services.ts';
import { ContextMenu } from '../../components/menu.tsx';
import type { MenuEntry } from '../../components/menu-entries.tsx';
import { displayName } from './model/display-name.ts';
import { crumbs } from './model/location.ts';
import type { Visit } from './pane/history.ts';

/** Places a history menu shows. */
const MOST_SHOWN = 15;
/** Milliseconds after which a press is a long one, as on a Mac's toolbar. */
const LONG_PRESS_MS = 450;

/**
 * Gives a back or forward button its menu of places: on long press, right click or
 * Shift+F10.
 */
export function HistoryButton(props: {
  readonly way: 'back' | 'forward';
  /** The button. */
  readonly children: ReactNode;
}) {
  const { pane, connections } = useServices();
  const area = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const wasLong = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);

  function entries(): readonly MenuEntry[] {
    const { history } = pane.store.getState();
    const visits = props.way === 'back' ? history.back.toReversed() : history.forward;
    return visits.slice(0, MOST_SHOWN).map((visit, index) => ({
      kind: 'item',
      id: `visit-${index}`,
      label: labelOf(visit),
      onSelect: () => pane.jump(props.way === 'back' ? index + 1 : -(index + 1)),
    }));
  }

  function labelOf({ location }: Visit): string {
    const title = connections.get(location.connectionId)?.title ?? 'Connection';
    return displayName(crumbs(location, title).at(-1)?.name ?? title);
  }

  return (
    <ContextMenu
      area={
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the button inside is the control
        <span
          ref={area}
          onPointerDown={(event) => {
            wasLong.current = false;
            if (event.button !== 0 || event.pointerType === 'touch') return;
            const { clientX, clientY } = event;
            clearTimeout(timer.current);
            timer.current = setTimeout(() => {
              wasLong.current = true;
              area.current?.dispatchEvent(
                new MouseEvent('contextmenu', { bubbles: true, clientX, clientY }),
              );
            }, LONG_PRESS_MS);
          }}
          onPointerUp={() => clearTimeout(timer.current)}
          onPointerLeave={() => clearTimeout(timer.current)}
          onClickCapture={(event) => {
            // The release after a long press is no click.
            if (wasLong.current) event.stopPropagation();
            wasLong.current = false;
          }}
        />
      }
      items={entries}
    >
      {props.children}
    </ContextMenu>
  );
}
