import type { CommandId } from '../../../shared/commands/commands.ts';
import type { Commands } from '../../commands/registry.ts';
import type { MenuEntry } from '../../components/menu-entries.tsx';
import type { CopyServices } from '../copy-command/copy-command.ts';
import {
  type CommandSelection,
  commandSubmenu,
} from '../copy-command/selection-entries.ts';
import type { ItemActions } from './actions/items.ts';
import type { Pane } from './pane/pane.ts';

/** Where the menu of commands for other programs goes. */
const COMMAND = 'copy-command';
type Line = CommandId | '-' | typeof COMMAND;

const ON_ITEMS: readonly Line[] = [
  'item.open',
  'transfer.download',
  'transfer.downloadTo',
  'browse.verify',
  '-',
  'item.copy',
  'item.cut',
  'item.paste',
  'item.duplicate',
  '-',
  'item.rename',
  'item.delete',
  '-',
  'item.createLink',
  'item.copyUrl',
  'item.copyS3Path',
  COMMAND,
  '-',
  'view.inspector',
  'item.permissions',
  'item.headers',
  'item.tags',
];

const ON_FOLDER: readonly Line[] = [
  'browse.newFolder',
  'transfer.uploadFiles',
  'transfer.uploadFolder',
  'item.paste',
  'browse.verify',
  '-',
  'list.selectAll',
  'view.refresh',
  'view.hidden',
  '-',
  'item.copyUrl',
  'item.copyS3Path',
  COMMAND,
  '-',
  'view.inspector',
  'item.permissions',
  'item.headers',
  'item.tags',
  'item.cors',
];

const ON_BUCKET: readonly Line[] = [
  'item.open',
  '-',
  'item.delete',
  '-',
  'item.copyUrl',
  'item.copyS3Path',
  COMMAND,
  '-',
  'view.inspector',
  'item.permissions',
  'item.headers',
  'item.tags',
  'item.cors',
];

const ON_BUCKETS: readonly Line[] = [
  'browse.newBucket',
  'browse.addBucket',
  '-',
  'go.folder',
  'view.refresh',
];

/** Menu entries of commands. */
export function commandEntries(
  commands: Commands,
  ids: readonly CommandId[],
): readonly MenuEntry[] {
  return ids.map((id) => {
    const spec = commands.spec(id);
    return {
      kind: 'item',
      id,
      label: spec.label,
      shortcut: spec.shortcut,
      disabled: !commands.isEnabled(id),
      note: commands.whyNot(id) ?? undefined,
      danger: id === 'item.delete',
      onSelect: () => {
        commands.run(id);
      },
      ...(spec.toggle === true ? { checked: commands.isChecked(id) } : {}),
    };
  });
}

/** The context menu of the list: of what is selected, else of the folder itself. */
export function itemMenu(
  deps: CopyServices & {
    readonly commands: Commands;
    readonly pane: Pane;
    readonly items: ItemActions;
  },
): readonly MenuEntry[] {
  const { location, selection } = deps.pane.store.getState();
  const buckets = location?.bucket === null;
  const some = selection.rows.size > 0;
  const lines = buckets ? (some ? ON_BUCKET : ON_BUCKETS) : some ? ON_ITEMS : ON_FOLDER;
  const entries = lines.flatMap((line, index): readonly MenuEntry[] => {
    if (line === '-') return [{ kind: 'separator', id: `separator-${index}` }];
    if (line !== COMMAND) return commandEntries(deps.commands, [line]);
    const target = commandTarget(deps);
    return target === null ? [] : [commandSubmenu(deps, target)];
  });
  return entries.map((entry, index) => withoutRepeatedNote(entry, entries[index - 1]));
}

/** Of several lines that are grey for the same reason the first tells it. */
function withoutRepeatedNote(entry: MenuEntry, above: MenuEntry | undefined): MenuEntry {
  if (entry.kind !== 'item' || above?.kind !== 'item' || above.note !== entry.note) {
    return entry;
  }
  return { ...entry, note: undefined };
}

/** What commands for other programs are about; `null`: several buckets, or nothing. */
function commandTarget(deps: {
  readonly pane: Pane;
  readonly items: ItemActions;
}): CommandSelection | null {
  const { location } = deps.pane.store.getState();
  if (!location) return null;
  const { connectionId, bucket, prefix } = location;
  const whole = ['download', 'list'] as const;
  if (bucket === null) {
    const [row, another] = deps.items.rows(2);
    if (row === undefined || another !== undefined) return null;
    return { connectionId, bucket: row.key, items: [], actions: whole };
  }
  const chosen = deps.items.selected();
  if (chosen === null) {
    const items = prefix === '' ? [] : [{ key: prefix, folder: true }];
    return { connectionId, bucket, items, actions: whole };
  }
  return {
    connectionId,
    bucket,
    items: chosen.items,
    actions: ['download', 'list', 'delete'],
  };
}
