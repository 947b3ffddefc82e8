import {
  COMMANDS,
  type CommandId,
  type CommandSpec,
} from '../../shared/commands/commands.ts';
import type { CommandState } from '../../shared/contract/app.ts';

/** What a command does and when it may. */
export interface CommandBinding {
  readonly run: () => void;
  /** Absent: always. */
  readonly when?: () => boolean;
  /** Why it may not in spite of that, in a few words; `null`: it may. Absent: it may. */
  readonly whyNot?: () => string | null;
  /** State of a tick box. */
  readonly checked?: () => boolean;
}

/** A binding for every command: one too few does not compile. */
export type CommandBindings = Readonly<Record<CommandId, CommandBinding>>;

/** All commands of the window. */
export interface Commands {
  readonly spec: (id: CommandId) => CommandSpec;
  readonly isEnabled: (id: CommandId) => boolean;
  /** Why it may not run, where that needs saying. */
  readonly whyNot: (id: CommandId) => string | null;
  readonly isChecked: (id: CommandId) => boolean;
  /** Runs a command if it may run now; says whether it did. */
  readonly run: (id: CommandId) => boolean;
  /** The state of each, for the native menu. */
  readonly states: () => readonly CommandState[];
}

const SPECS: ReadonlyMap<string, CommandSpec> = new Map(
  COMMANDS.map((spec) => [spec.id, spec]),
);

/** Whether a text from outside is a command's id. */
export function isCommandId(id: string): id is CommandId {
  return SPECS.has(id);
}

/** Ties commands to what they do. */
export function createCommands(
  bindings: CommandBindings,
  /** `false` while a dialog has the window: no command may run then. */
  isFree: () => boolean,
): Commands {
  const isLive = (id: CommandId): boolean => bindings[id].when?.() ?? true;
  const whyNot = (id: CommandId): string | null => bindings[id].whyNot?.() ?? null;
  const isEnabled = (id: CommandId): boolean => isLive(id) && whyNot(id) === null;
  return {
    spec: (id) => SPECS.get(id) ?? { id, label: id },
    isEnabled,
    whyNot: (id) => (isLive(id) ? whyNot(id) : null),
    isChecked: (id) => bindings[id].checked?.() ?? false,
    run: (id) => {
      if (!isFree() || !isEnabled(id)) return false;
      bindings[id].run();
      return true;
    },
    states: () =>
      COMMANDS.map(({ id }) => ({
        id,
        enabled: isEnabled(id),
        checked: bindings[id].checked?.() ?? false,
      })),
  };
}
