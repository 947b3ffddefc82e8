import type { CommandId } from '../../../shared/commands/commands.ts';
import type { Commands } from '../../commands/registry.ts';
import type { MenuEntry } from '../../components/menu-entries.tsx';
import type { ItemActions } from './actions/items.ts';
import type { Pane } from './pane/pane.ts';

const ON_ITEMS: readonly (CommandId | '-')[] = [
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
  'item.copyUrl',
  'item.copyS3Path',
  '-',
  'view.inspector',
];

const ON_FOLDER: readonly (CommandId | '-')[] = [
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
  '-',
  'view.inspector',
];

const ON_BUCKET: readonly (CommandId | '-')[] = [
  'item.open',
  '-',
  'item.delete',
  '-',
  'item.copyS3Path',
];

const ON_BUCKETS: readonly (CommandId | '-')[] = [
  'browse.newBucket',
  'browse.addBucket',
  '-',
  'go.folder',
  'view.refresh',
];

/** Menu entries of commands. */
export function commandEntries(
  commands: Commands,
  ids: readonly (CommandId | '-')[],
): readonly MenuEntry[] {
  return ids.map((id, index) => {
    if (id === '-') return { kind: 'separator', id: `separator-${index}` };
    const spec = commands.spec(id);
    return {
      kind: 'item',
      id,
      label: spec.label,
      shortcut: spec.shortcut,
      disabled: !commands.isEnabled(id),
      danger: id === 'item.delete',
      onSelect: () => {
        commands.run(id);
      },
      ...(spec.toggle === true ? { checked: commands.isChecked(id) } : {}),
    };
  });
}

/** The context menu of the list: of what is selected, else of the folder itself. */
export function itemMenu(deps: {
  readonly commands: Commands;
  readonly pane: Pane;
  readonly items: ItemActions;
}): readonly MenuEntry[] {
  const { location, selection } = deps.pane.store.getState();
  const buckets = location?.bucket === null;
  const some = selection.rows.size > 0;
  if (buckets) return commandEntries(deps.commands, some ? ON_BUCKET : ON_BUCKETS);
  return commandEntries(deps.commands, some ? ON_ITEMS : ON_FOLDER);
}
