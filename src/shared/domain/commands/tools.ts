import { option, type Shell } from './quote.ts';

/** Command lines people use with S3. */
export const COMMAND_TOOLS = ['aws', 's3cmd', 's5cmd', 'rclone'] as const;
export type CommandTool = (typeof COMMAND_TOOLS)[number];

/** How the commands reach the server. Never any key: each tool has its own place for them. */
export interface CommandServer {
  /** With scheme, such as `https://sos-ch-gva-2.exo.io`; `null`: Amazon's own. */
  readonly endpoint: string | null;
  /** Empty: not known. */
  readonly region: string;
  readonly pathStyle: boolean;
  readonly shell: Shell;
}

/** The words of a command: plain ones are quoted, options go as they are. */
export type Words = readonly (string | { readonly raw: string })[];

/** `aws`, `s5cmd` and `s3cmd` with what they need to reach the server. */
export function start(tool: 'aws' | 's5cmd' | 's3cmd', server: CommandServer): Words {
  const { endpoint, region } = server;
  if (tool === 'aws') {
    return [
      option('aws'),
      ...(endpoint === null ? [] : [option('--endpoint-url'), endpoint]),
      ...(region === '' ? [] : [option('--region'), region]),
    ];
  }
  if (tool === 's5cmd') {
    return [
      option('s5cmd'),
      ...(endpoint === null ? [] : [option('--endpoint-url'), endpoint]),
    ];
  }
  return [option('s3cmd'), ...s3cmdHost(server)];
}

/** s3cmd wants hosts, and a pattern for buckets as part of the name. */
function s3cmdHost({ endpoint, region, pathStyle }: CommandServer): Words {
  const where = region === '' ? [] : [option('--region'), region];
  if (endpoint === null) return where;
  const { host, protocol } = new URL(endpoint);
  return [
    ...where,
    option('--host'),
    host,
    option('--host-bucket'),
    pathStyle ? host : `%(bucket)s.${host}`,
    ...(protocol === 'http:' ? [option('--no-ssl')] : []),
  ];
}

/**
 * rclone's name of a place without a configured remote: keys come from its environment
 * (`env_auth`). https://rclone.org/docs/#connection-strings
 */
export function rclonePlace(
  { endpoint, region, pathStyle }: CommandServer,
  bucket: string,
  key: string,
): string {
  const options = [
    endpoint === null ? 'provider=AWS' : 'provider=Other',
    'env_auth=true',
    ...(endpoint === null ? [] : [`endpoint=${connectionValue(endpoint)}`]),
    ...(region === '' ? [] : [`region=${connectionValue(region)}`]),
    ...(endpoint === null ? [] : [`force_path_style=${pathStyle}`]),
  ];
  return `:s3,${options.join(',')}:${bucket}${key === '' ? '' : `/${key}`}`;
}

function connectionValue(value: string): string {
  return /[,:"']/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
