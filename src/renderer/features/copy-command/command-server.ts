import type { Shell } from '../../../shared/domain/commands/quote.ts';
import type { CommandServer } from '../../../shared/domain/commands/tools.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { Api } from '../../bridge/api.ts';
import type { Connections } from '../../stores/connections.ts';

/** What it takes to know how commands reach a server. */
export interface CommandDeps {
  readonly api: Pick<Api, 'browse'>;
  readonly connections: Pick<Connections, 'get'>;
  readonly shell: Shell;
}

/**
 * How commands reach the server of a connection, with the style of address that requests
 * to the bucket have by now. Rejects with `AppError`.
 */
export async function commandServer(
  { api, connections, shell }: CommandDeps,
  connectionId: ConnectionId,
  bucket: string,
): Promise<CommandServer> {
  const urls = await api.browse.urls({ connectionId, bucket, key: '' });
  return {
    ...serverOf(connections, connectionId, shell),
    pathStyle: urls.https === urls.pathStyle,
  };
}

/** The same without asking: in the path style, which changes nothing in what tools can do. */
export function serverOf(
  connections: Pick<Connections, 'get'>,
  connectionId: ConnectionId,
  shell: Shell,
): CommandServer {
  const connection = connections.get(connectionId);
  const endpoint = connection?.endpoint ?? '';
  return {
    endpoint: endpoint === '' || isAmazon(endpoint) ? null : endpoint,
    region: connection?.region ?? '',
    pathStyle: true,
    shell,
  };
}

/** Amazon's own servers are what the tools ask unless told otherwise. */
function isAmazon(endpoint: string): boolean {
  return /(^|\.)amazonaws\.com$/i.test(new URL(endpoint).hostname);
}
