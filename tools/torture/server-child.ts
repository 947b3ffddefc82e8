import { type FaultSpec, type S3User, startS3Server } from '../s3-server/index.ts';
import { digestBytes } from './content.ts';

/** The server process of a torture run: started by server-host.ts, spoken to by messages. */

/** A pattern as it crosses the process border. */
export type WireFault = Omit<FaultSpec, 'match'> & {
  readonly match?: Omit<NonNullable<FaultSpec['match']>, 'keyPattern'> & {
    readonly keyPattern?: string;
  };
};

/** What the child is asked. */
export type ServerRequest =
  | { readonly op: 'start'; readonly port: number; readonly dataDir: string }
  | { readonly op: 'bucket'; readonly name: string }
  | {
      readonly op: 'seed';
      readonly bucket: string;
      readonly entries: readonly { readonly key: string; readonly body: Buffer }[];
    }
  /** Key patterns are regular expressions. */
  | { readonly op: 'fault'; readonly fault: WireFault }
  | { readonly op: 'clear' }
  | { readonly op: 'hits' }
  | { readonly op: 'skew'; readonly ms: number }
  /** Only this generation of temporary credentials is valid from now on. */
  | { readonly op: 'renew'; readonly generation: number }
  | { readonly op: 'inspect'; readonly buckets: readonly string[] }
  | { readonly op: 'close' };

/** What a server says that takes no such copy at once. */
export const COPY_TOO_LARGE = 'EntityTooLarge';

/** One time a fault struck. */
export interface FaultTally {
  readonly kind: string;
  /** `/bucket/key` of an object whose bytes were changed on the way out. */
  readonly spoilt: string | null;
}

/** Generations of temporary credentials there can be in one run. */
const GENERATIONS = 200;

/** The temporary user of a generation; `isValid` is asked at every request. */
export function temporaryUser(generation: number, isValid: () => boolean): S3User {
  return {
    name: `temporary-${generation}`,
    accessKeyId: `TORTURETEMPORARY${String(generation).padStart(4, '0')}`,
    secretAccessKey: `torture-secret-for-tests-only-${generation}`,
    sessionToken: `torture-token-${generation}`,
    get expiresAt() {
      return new Date(isValid() ? '2200-01-01' : '2000-01-01');
    },
    policy: { kind: 'all' },
  };
}

let server: Awaited<ReturnType<typeof startS3Server>> | undefined;
let current = 0;

async function answer(request: ServerRequest): Promise<unknown> {
  if (request.op === 'start') {
    const users = Object.fromEntries(
      Array.from({ length: GENERATIONS }, (_, generation) => {
        const user = temporaryUser(generation, () => generation === current);
        return [user.name, user];
      }),
    );
    const { port, dataDir } = request;
    server = await startS3Server({ port, dataDir, users });
    return server.port;
  }
  if (server === undefined) throw new Error('not started');
  switch (request.op) {
    case 'bucket':
      return server.createBucket(request.name);
    case 'seed':
      return server.seed(request.bucket, request.entries);
    case 'fault': {
      const { match, ...rest } = request.fault;
      const { keyPattern, ...others } = match ?? {};
      server.faults.add({
        ...rest,
        match: {
          ...others,
          ...(keyPattern === undefined ? {} : { keyPattern: new RegExp(keyPattern) }),
        },
      });
      return undefined;
    }
    case 'clear': {
      const hits = tally();
      server.faults.clear();
      return hits;
    }
    case 'hits':
      return tally();
    case 'skew':
      server.clockSkewMs = request.ms;
      return undefined;
    case 'renew':
      current = request.generation;
      return undefined;
    case 'inspect':
      return inspect(request.buckets);
    case 'close':
      await server.close();
      setImmediate(() => process.exit(0));
      return undefined;
    default:
      throw new Error('unknown request');
  }
}

function tally(): readonly FaultTally[] {
  return (server?.faults.hits ?? []).map(({ action, bucket, key }) => {
    const asks = action.kind === 'slowDown' && action.retryAfterSeconds !== undefined;
    const copies = action.kind === 'error' && action.code === COPY_TOO_LARGE;
    const spoils = action.kind === 'corrupt' && key !== undefined;
    return {
      kind: copies ? 'copyTooLarge' : asks ? 'retryAfter' : action.kind,
      spoilt: spoils ? `/${bucket}/${key}` : null,
    };
  });
}

async function inspect(buckets: readonly string[]): Promise<unknown> {
  const objects: Record<string, unknown> = {};
  const uploads: string[] = [];
  for (const bucket of buckets) {
    for (const key of server?.keys(bucket) ?? []) {
      const bytes = await server?.read(bucket, key);
      if (bytes !== undefined) objects[`${bucket}/${key}`] = digestBytes(bytes);
    }
    for (const { key, uploadId, parts } of server?.uploads(bucket) ?? []) {
      uploads.push(`${bucket}/${key} ${uploadId} with ${parts.length} parts`);
    }
  }
  return { objects, uploads };
}

if (process.send !== undefined) {
  process.on('message', (message: { id: number; request: ServerRequest }) => {
    answer(message.request).then(
      (value) => process.send?.({ id: message.id, value }),
      (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
}
