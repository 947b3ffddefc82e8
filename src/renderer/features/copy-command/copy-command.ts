import type { CommandServer } from '../../../shared/domain/commands/tools.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { Services } from '../../app/services.ts';
import { shellOf } from '../links/use-shell.ts';
import { commandServer } from './command-server.ts';

/** Services that putting a command on the clipboard needs. */
export type CopyServices = Pick<
  Services,
  'api' | 'bridge' | 'connections' | 'toasts' | 'reportError'
>;

/** Puts a command on the clipboard, and says where it gets its keys from. */
export function copyCommand(
  services: CopyServices,
  place: { readonly connectionId: ConnectionId; readonly bucket: string },
  /** `null`: the tool cannot. */
  write: (server: CommandServer) => string | null | Promise<string | null>,
): void {
  const { api, bridge, connections, toasts, reportError } = services;
  const deps = { api, connections, shell: shellOf(bridge) };
  const copy = async (): Promise<void> => {
    const server = await commandServer(deps, place.connectionId, place.bucket);
    const text = await write(server);
    if (text === null) return;
    await api.app.copyText({ text });
    toasts.show({
      tone: 'success',
      title: text.includes('\n') ? 'Copied the commands' : 'Copied the command',
      description: 'It holds no keys: the program uses its own.',
    });
  };
  copy().catch(reportError);
}
