import type { Aspect, Place } from '../../../shared/domain/aspects.ts';
import { aspectCommand } from '../../../shared/domain/commands/aspect-commands.ts';
import {
  type KeptByCopy,
  mayLoseTags,
} from '../../../shared/domain/commands/kept-by-copy.ts';
import {
  COMMAND_TOOLS,
  type CommandServer,
  type CommandTool,
} from '../../../shared/domain/commands/tools.ts';
import { ASPECT_WORDS } from '../../../shared/messages/aspects.en.ts';
import { type Services, useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { shellOf } from '../links/use-shell.ts';
import { serverOf } from './command-server.ts';
import { copyCommand } from './copy-command.ts';

/** Programs without any command for a bucket's or an object's settings. */
const WITHOUT = new Set(['s5cmd', 'rclone']);

/** Copies what an editor is about to send as a command of another program. */
export function AspectCommandMenu(props: {
  readonly place: Place;
  /** What is on the server. */
  readonly before: Aspect;
  readonly change: Aspect;
}) {
  const { place, before, change } = props;
  const services = useServices();
  const guess = serverOf(
    services.connections,
    place.connectionId,
    shellOf(services.bridge),
  );
  return (
    <Menu
      trigger={<Button hasMenu>Copy as Command</Button>}
      items={COMMAND_TOOLS.map((tool) => {
        const able = aspectCommand(tool, place, { before, change }, guess) !== null;
        return {
          kind: 'item',
          id: tool,
          label: tool,
          disabled: !able,
          note: able
            ? lossOf(tool, change, guess)
            : WITHOUT.has(tool)
              ? `Has no command for ${ASPECT_WORDS[change.aspect]}`
              : 'Cannot express this',
          onSelect: () =>
            copyCommand(services, place, async (server) => {
              const kept =
                change.aspect === 'headers' ? await keptBy(services, place) : undefined;
              return aspectCommand(tool, place, { before, change, kept }, server);
            }),
        };
      })}
    />
  );
}

/** What its command does not keep, though Dipper would. */
function lossOf(
  tool: CommandTool,
  change: Aspect,
  server: CommandServer,
): string | undefined {
  if (tool !== 's3cmd' || change.aspect !== 'headers' || !mayLoseTags(server)) {
    return undefined;
  }
  return 'Ceph drops the object’s tags, and it does not put them back';
}

/** What a copy of an object has to be told to keep. */
async function keptBy(
  { api }: Pick<Services, 'api'>,
  { connectionId, bucket, key }: Place,
): Promise<KeptByCopy | undefined> {
  if (key === null) return undefined;
  const of = { connectionId, bucket, key };
  const [details, acl, tags] = await Promise.all([
    api.browse.details(of),
    api.aspects.read({ ...of, aspect: 'acl' }),
    api.aspects.read({ ...of, aspect: 'tags' }),
  ]);
  const why = acl.kind === 'read' ? acl.locked : acl.why;
  return {
    details,
    hasAcl: why === null || why.reason === 'denied',
    tags: tags.kind === 'read' && tags.aspect.aspect === 'tags' ? tags.aspect.value : [],
  };
}
