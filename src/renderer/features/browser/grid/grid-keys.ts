import type { SelectAction } from './select.ts';

/** What a key asks of a list. */
export type GridKey =
  | { readonly kind: 'select'; readonly action: SelectAction }
  | { readonly kind: 'activate' }
  | { readonly kind: 'type'; readonly character: string };

/** The parts of a keyboard event that matter here. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const MOVES: Readonly<
  Record<string, Extract<SelectAction, { readonly kind: 'move' }>['to']>
> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageUp: 'page-up',
  PageDown: 'page-down',
  Home: 'home',
  End: 'end',
};

/**
 * What a key means in a list, or `null` when it is not the list's: shortcuts such as
 * Ctrl+Up (enclosing folder) are left to the commands.
 */
export function gridKey(press: KeyPress, page: number, typing: boolean): GridKey | null {
  const command = press.ctrlKey || press.metaKey;
  const to = MOVES[press.key];
  if (to !== undefined) {
    if (press.altKey || press.metaKey || (command && to === 'up')) return null;
    return {
      kind: 'select',
      action: {
        kind: 'move',
        to,
        page: Math.max(1, page),
        range: press.shiftKey,
        focusOnly: press.ctrlKey && !press.shiftKey,
      },
    };
  }
  if (press.key === 'Enter' && !command && !press.altKey && !press.shiftKey) {
    return { kind: 'activate' };
  }
  if (press.key === ' ' && !press.altKey && !(typing && !command)) {
    return { kind: 'select', action: { kind: 'toggle-focused' } };
  }
  if (press.key === 'Escape') return { kind: 'select', action: { kind: 'none' } };
  if (command || press.altKey || Array.from(press.key).length !== 1) return null;
  return { kind: 'type', character: press.key };
}
