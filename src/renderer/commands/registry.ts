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
  /** State of a tick box. */
  readonly checked?: () => boolean;
}

/** A binding for every command: one too few does not compile. */
export type CommandBindings = Readonly<Record<CommandId, CommandBinding>>;

/** All commands of the window. */
export interface Commands {
  readonly spec: (id: CommandId) => CommandSpec;
  readonly isEnabled: (id: CommandId) => boolean;
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
  const isEnabled = (id: CommandId): boolean => bindings[id].when?.() ?? true;
  return {
    spec: (id) => SPECS.get(id) ?? { id, label: id },
    isEnabled,
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
