import { Popover as Base } from '@base-ui/react/popover';
import { type ReactElement, type ReactNode, useRef } from 'react';
import styles from './popover.module.css';

/** Props of {@link Popover}. */
export interface PopoverProps {
  readonly open: boolean;
  /** Asked for by the trigger, Escape or a click elsewhere. The owner decides. */
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** The button that opens it: an element that takes a ref and props. */
  readonly trigger?: ReactElement;
  /** What it hangs on, where there is no trigger. */
  readonly anchor?: Element | null;
  readonly align?: 'start' | 'center' | 'end';
  /** The whole gets the focus, not its first control: for what is to be read first. */
  readonly focusesWhole?: boolean;
  readonly children: ReactNode;
}

/** A small window that hangs on something; the rest of the window stays usable. */
export function Popover(props: PopoverProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={props.open} onOpenChange={(open) => props.onOpenChange(open)}>
      {props.trigger !== undefined && <Base.Trigger render={props.trigger} />}
      <Base.Portal>
        <Base.Positioner
          className={styles.positioner}
          sideOffset={6}
          collisionPadding={8}
          side="top"
          align={props.align ?? 'end'}
          {...(props.anchor === undefined ? {} : { anchor: props.anchor })}
        >
          <Base.Popup
            ref={popup}
            className={styles.popup}
            {...(props.focusesWhole === true ? { initialFocus: popup } : {})}
          >
            <Base.Title className={styles.title}>{props.title}</Base.Title>
            {props.children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
