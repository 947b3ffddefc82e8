/** Parts of the window that take the focus by name. */
export type FocusTarget = 'list' | 'address' | 'filter';

/** Moves the focus between parts of the window that do not know each other. */
export interface Focus {
  /** Offers a part; returns how to take it back. */
  readonly register: (target: FocusTarget, focus: () => void) => () => void;
  readonly to: (target: FocusTarget) => void;
}

/** Makes the focus of a window. */
export function createFocus(): Focus {
  const targets = new Map<FocusTarget, () => void>();
  return {
    register: (target, focus) => {
      targets.set(target, focus);
      return () => {
        if (targets.get(target) === focus) targets.delete(target);
      };
    },
    to: (target) => targets.get(target)?.(),
  };
}

/** Where F6 may stop: elements marked with `data-focus-zone`, in document order. */
export function nextZone(
  root: ParentNode,
  current: Element | null,
  backwards: boolean,
): HTMLElement | null {
  const zones = [...root.querySelectorAll<HTMLElement>('[data-focus-zone]')].filter(
    (zone) => zone.offsetParent !== null || zone.getClientRects().length > 0,
  );
  if (zones.length === 0) return null;
  const at = zones.findIndex((zone) => zone.contains(current));
  const step = backwards ? -1 : 1;
  const from = at < 0 && backwards ? 0 : at;
  return zones[(from + step + zones.length) % zones.length] ?? null;
}

/** Puts the focus on what a zone is about, or on the first thing in it that takes it. */
export function focusZone(zone: HTMLElement): void {
  const selector =
    'button:not([disabled]), input:not([disabled]), [tabindex]:not([tabindex="-1"])';
  const main = zone.querySelector<HTMLElement>(
    '[role="grid"], [role="treegrid"], [role="tree"], [role="listbox"]',
  );
  const target =
    main && main.tabIndex >= 0 ? main : zone.querySelector<HTMLElement>(selector);
  target?.focus();
}
