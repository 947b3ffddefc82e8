import {
  type Selection,
  type SelectionAction,
  selectionCommands,
} from '../../../shared/domain/commands/selection-commands.ts';
import {
  COMMAND_TOOLS,
  type CommandTool,
} from '../../../shared/domain/commands/tools.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { MenuEntry } from '../../components/menu-entries.tsx';
import { shellOf } from '../links/use-shell.ts';
import { serverOf } from './command-server.ts';
import { type CopyServices, copyCommand } from './copy-command.ts';

/** Most things commands are made for at once: nobody pastes more lines. */
const MOST_COMMANDS = 1_000;

const ACTION_LABELS: Readonly<Record<SelectionAction, string>> = {
  download: 'Download',
  list: 'List',
  delete: 'Delete',
};

/** What is to be done with which program. */
export interface CommandSelection extends Selection {
  readonly connectionId: ConnectionId;
  /** All there is in a folder or a bucket is not deleted by a paste. */
  readonly actions: readonly SelectionAction[];
}

/** "Copy as Command": a menu for each program, with what it is to do. */
export function commandSubmenu(
  services: CopyServices,
  selection: CommandSelection,
): MenuEntry {
  return {
    kind: 'submenu',
    id: 'copy-command',
    label: 'Copy as Command',
    items: COMMAND_TOOLS.map((tool) => ({
      kind: 'submenu',
      id: tool,
      label: tool,
      items: toolEntries(services, selection, tool),
    })),
  };
}

function toolEntries(
  services: CopyServices,
  selection: CommandSelection,
  tool: CommandTool,
): readonly MenuEntry[] {
  const { connectionId } = selection;
  const guess = serverOf(services.connections, connectionId, shellOf(services.bridge));
  const reason = whyNot(selection, () =>
    selectionCommands(tool, 'list', selection, guess),
  );
  return selection.actions.map((action) => ({
    kind: 'item',
    id: action,
    label:
      reason === null ? ACTION_LABELS[action] : `${ACTION_LABELS[action]} (${reason})`,
    disabled: reason !== null,
    onSelect: () =>
      copyCommand(services, selection, (server) =>
        selectionCommands(tool, action, selection, server),
      ),
  }));
}

function whyNot(
  { items }: CommandSelection,
  command: () => string | null,
): string | null {
  if (items.length > MOST_COMMANDS) return 'too many selected';
  return command() === null ? 'it takes * and ? in names for wildcards' : null;
}
