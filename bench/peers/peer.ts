/** What a tool is told to do. Prefixes end in `/`. */
export type Task =
  | { readonly kind: 'put'; readonly file: string; readonly key: string }
  | { readonly kind: 'get'; readonly key: string; readonly file: string }
  /** The files of `folder` go under `prefix`. */
  | { readonly kind: 'put-folder'; readonly folder: string; readonly prefix: string }
  | { readonly kind: 'get-folder'; readonly prefix: string; readonly folder: string }
  | { readonly kind: 'list'; readonly prefix: string }
  | { readonly kind: 'delete'; readonly prefix: string };

/** Where and with what a tool works. */
export interface PeerSetting {
  /** Scheme, host and port. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The server's certificate (PEM), to be trusted. */
  readonly caFile: string;
  /** A folder of the tool's own, for its configuration. */
  readonly folder: string;
}

/** A command ready to run. */
export interface PeerCommand {
  readonly argv: readonly string[];
  /** Comes on top of a plain environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Files to write first: path to text. */
  readonly files: Readonly<Record<string, string>>;
}

/** Somebody else's S3 command line. */
export interface Peer {
  /** Name in reports, such as `aws-crt`. */
  readonly name: string;
  /** Program looked for on PATH. */
  readonly program: string;
  readonly versionArgs: readonly string[];
  /** The version out of what it prints. */
  readonly version: (output: string) => string;
  readonly command: (program: string, task: Task, setting: PeerSetting) => PeerCommand;
  /** Names out of a list's output; some tell the whole key, some its last part. */
  readonly listed: (output: string, setting: PeerSetting) => readonly string[];
  /**
   * How it checks downloads: nothing on the request shows it. `etag` is what the server
   * offers: an MD5, or nothing to check against.
   */
  readonly downloadTier: (etag: 'md5' | 'opaque') => string;
}

/** Lines of an output without empty ones. */
export function linesOf(output: string): readonly string[] {
  return output.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** First thing in `output` that looks like a version; `unknown` when there is none. */
export function versionIn(output: string): string {
  return /\d+\.\d+[\w.-]*/.exec(output)?.[0] ?? 'unknown';
}
