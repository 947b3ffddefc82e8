import type { CommandId } from '../../shared/commands/commands.ts';
import type { CommandState } from '../../shared/contract/app.ts';
import type { Api, Subscribe } from '../bridge/api.ts';
import { type Commands, isCommandId } from './registry.ts';
import { commandForKey, isTextField } from './shortcuts.ts';

/** Commands on the selection of the list: their keys mean something else elsewhere. */
const LIST_ONLY: ReadonlySet<CommandId> = new Set<CommandId>([
  'item.delete',
  'item.rename',
  'item.open',
  'item.copy',
  'item.cut',
  'item.paste',
  'list.selectAll',
]);

/** Whether the focus is in the list, or nowhere in particular. */
function isAtList(target: EventTarget | null): boolean {
  const zone = target instanceof Element ? target.closest('[data-focus-zone]') : null;
  return zone === null || zone.getAttribute('data-focus-zone') === 'list';
}

/** Commands whose keys copy marked text where there is some. */
const TEXT_FIRST: ReadonlySet<CommandId> = new Set<CommandId>(['item.copy', 'item.cut']);

function isTextMarked(document: Document): boolean {
  return (document.getSelection()?.toString() ?? '') !== '';
}

/**
 * Keys the engine below would take for its own: it would load the page anew, or mark every
 * text of the window. They never get that far, but for text fields.
 */
const NEVER_PASSED_ON: ReadonlySet<CommandId> = new Set<CommandId>([
  'view.refresh',
  'list.selectAll',
]);

/** Whether a menu or a list of choices is open: they are drawn only then. */
export function isPopupOpen(document: Document): boolean {
  return document.querySelector('[role=menu], [role=listbox]') !== null;
}

/** Milliseconds to wait for more changes before the native menu is told. */
const DEBOUNCE_MS = 60;

/** Runs commands for the window's keys until the returned function is called. */
export function attachShortcuts(
  target: Window,
  commands: Commands,
  mac: boolean,
): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const id = commandForKey(event, { mac, inField: isTextField(event.target) });
    if (id === null) return;
    if (NEVER_PASSED_ON.has(id)) event.preventDefault();
    if (isPopupOpen(target.document)) return;
    if (LIST_ONLY.has(id) && !isAtList(event.target)) return;
    if (TEXT_FIRST.has(id) && isTextMarked(target.document)) return;
    // Held keys repeat only what is meant to be repeated: going back again and again is not.
    if (event.repeat) {
      event.preventDefault();
      return;
    }
    if (commands.run(id)) event.preventDefault();
  };
  target.addEventListener('keydown', onKeyDown);
  return () => target.removeEventListener('keydown', onKeyDown);
}

/** Runs the commands of the native menu and keeps its states in step. */
export function attachNativeMenu(options: {
  readonly api: Api;
  readonly subscribe: Subscribe;
  readonly commands: Commands;
  /** Calls back whenever states may have changed; returns the end of it. */
  readonly onChange: (listener: () => void) => () => void;
  /** Whether something has the keys for itself. */
  readonly isBusy: () => boolean;
  readonly onError: (error: unknown) => void;
}): () => void {
  const { api, commands } = options;
  const unsubscribe = options.subscribe('app.command', ({ id }) => {
    // Its keys reach us this way too, also while a menu of the window is open.
    if (isCommandId(id) && !options.isBusy()) commands.run(id);
  });
  let timer: ReturnType<typeof setTimeout> | null = null;
  let last = '';
  const tell = (): void => {
    timer = null;
    const states: CommandState[] = [...commands.states()];
    const text = JSON.stringify(states);
    if (text === last) return;
    last = text;
    api.app.setCommandStates(states).catch(options.onError);
  };
  const unlisten = options.onChange(() => {
    timer ??= setTimeout(tell, DEBOUNCE_MS);
  });
  tell();
  return () => {
    unsubscribe();
    unlisten();
    if (timer !== null) clearTimeout(timer);
  };
}
