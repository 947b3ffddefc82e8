import { z } from 'zod';
import type { FileOperations } from '../storage/file-operations.ts';
import { openJsonStore } from '../storage/json-store.ts';

/** Where the window was, in the screen's logical pixels. */
export const WindowState = z.strictObject({
  x: z.int().nullable(),
  y: z.int().nullable(),
  width: z.int().min(200).max(20_000),
  height: z.int().min(200).max(20_000),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

/** A rectangle in the screen's logical pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The window of a first start: placed by the system. */
export const FIRST_WINDOW: WindowState = {
  x: null,
  y: null,
  width: 1180,
  height: 760,
  maximized: false,
};

/** Remembers where the window was. */
export interface WindowStateStore {
  current(): WindowState;
  remember(state: WindowState): Promise<void>;
}

/** Opens window.json. A file that cannot be read costs only the position: no notice. */
export async function openWindowState(options: {
  readonly path: string;
  readonly files: FileOperations;
  readonly now: () => number;
}): Promise<WindowStateStore> {
  const store = await openJsonStore({
    ...options,
    schema: WindowState,
    version: 1,
    initial: () => FIRST_WINDOW,
  });
  return { current: () => store.value, remember: (state) => store.write(state) };
}

/**
 * The remembered window, as far as it still fits a screen: a position from which no
 * title bar could be grasped is forgotten, a size beyond the screen is cut.
 */
export function fitToScreens(
  state: WindowState,
  screens: readonly Rectangle[],
): WindowState {
  const { x, y } = state;
  const screen = screens.find(
    (each) =>
      x !== null &&
      y !== null &&
      x + state.width > each.x + 80 &&
      x < each.x + each.width - 80 &&
      y >= each.y - 10 &&
      y < each.y + each.height - 40,
  );
  const area = screen ?? screens[0];
  const width = area === undefined ? state.width : Math.min(state.width, area.width);
  const height = area === undefined ? state.height : Math.min(state.height, area.height);
  return screen === undefined
    ? { ...state, x: null, y: null, width, height }
    : { ...state, width, height };
}
