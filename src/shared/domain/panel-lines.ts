import type { PanelEntry } from './panel.ts';

/** Lines of a head or a transfer. Apart from the schemas: the window carries no zod. */
export const ENTRY_LINES = 2;

/** Lines an entry takes in the panel. */
export function linesOf(entry: PanelEntry): number {
  return entry.type === 'day' ? 1 : ENTRY_LINES;
}
