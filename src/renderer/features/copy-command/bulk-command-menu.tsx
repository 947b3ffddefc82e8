import type { BulkChange } from '../../../shared/domain/aspects.ts';
import {
  type BulkCommandNote,
  bulkCommand,
  type NoBulkCommand,
} from '../../../shared/domain/commands/bulk-commands.ts';
import { COMMAND_TOOLS } from '../../../shared/domain/commands/tools.ts';
import { ASPECT_WORDS } from '../../../shared/messages/aspects.en.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import type { ManyPlace } from '../../stores/dialogs.ts';
import { shellOf } from '../links/use-shell.ts';
import { serverOf } from './command-server.ts';
import { copyCommand } from './copy-command.ts';

const NOTES: Readonly<Record<BulkCommandNote, string>> = {
  'keeps-users': 'Leaves what single users were given',
  'standard-class': 'Puts objects into the standard class, and Ceph drops their tags',
  'keeps-full-control': 'Leaves full control where somebody has it',
};

/** Copies what a change of many objects is about to do as commands of another program. */
export function BulkCommandMenu(props: {
  readonly place: ManyPlace;
  readonly change: BulkChange;
}) {
  const { place, change } = props;
  const services = useServices();
  const shell = shellOf(services.bridge);
  return (
    <Menu
      trigger={<Button hasMenu>Copy as Command</Button>}
      items={() => {
        const guess = serverOf(services.connections, place.connectionId, shell);
        return COMMAND_TOOLS.map((tool) => {
          const command = bulkCommand(tool, place, change, guess);
          const able = 'text' in command;
          const note = able ? command.note : null;
          return {
            kind: 'item',
            id: tool,
            label: tool,
            disabled: !able,
            note: able
              ? note === null
                ? undefined
                : NOTES[note]
              : reasonText(command.reason, change.aspect),
            onSelect: () =>
              copyCommand(services, place, (server) => {
                const written = bulkCommand(tool, place, change, server);
                return 'text' in written ? written.text : null;
              }),
          };
        });
      }}
    />
  );
}

function reasonText(reason: NoBulkCommand, aspect: BulkChange['aspect']): string {
  switch (reason) {
    case 'no-such-thing':
      return `Has no command for ${ASPECT_WORDS[aspect]}`;
    case 'no-folders':
      return 'Changes single objects only, no folders';
    case 'replaces-all':
      return `Only replaces all ${aspect === 'acl' ? 'of a list' : ASPECT_WORDS[aspect]}`;
    case 'cannot':
      return 'Cannot express this';
    case 'pattern':
      return 'Takes * and ? in names for wildcards';
    case 'too-many':
      return 'Too many are selected';
    default:
      return reason satisfies never;
  }
}
