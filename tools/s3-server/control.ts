import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { FaultController, FaultSpec } from './faults.ts';
import { OPERATIONS } from './operations.ts';
import type { RequestRecord } from './request-log.ts';

const MAX_BODY_BYTES = 256 * 1024;

const count = z.int().min(0);

const Action = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delay'), ms: count }),
  z.strictObject({
    kind: z.literal('bandwidth'),
    direction: z.enum(['up', 'down']),
    bytesPerSecond: z.int().min(1),
  }),
  z.strictObject({
    kind: z.literal('slowDown'),
    retryAfterSeconds: count.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('error500') }),
  z.strictObject({
    kind: z.literal('error'),
    status: z.int().min(300).max(599),
    code: z.string().min(1),
    message: z.string().exactOptional(),
    headers: z.record(z.string(), z.string()).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('reset'),
    when: z.enum(['before', 'request', 'response', 'after']),
    afterBytes: count.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('lostResponse') }),
  z.strictObject({ kind: z.literal('truncate'), afterBytes: count }),
  z.strictObject({
    kind: z.literal('corrupt'),
    what: z.enum(['request', 'response', 'stored']),
    atByte: count.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('errorIn200'),
    code: z.string().exactOptional(),
    done: z.boolean().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('stall'),
    when: z.enum(['before', 'request', 'response']),
    afterBytes: count.exactOptional(),
  }),
]);

const KeyPattern = z.union([
  z.string(),
  z
    .strictObject({ regexp: z.string(), flags: z.string().default('') })
    .transform(toRegExp),
]);

function toRegExp(
  { regexp, flags }: { readonly regexp: string; readonly flags: string },
  context: z.RefinementCtx,
): RegExp {
  try {
    return new RegExp(regexp, flags);
  } catch {
    context.addIssue({ code: 'custom', message: 'not a regular expression' });
    return z.NEVER;
  }
}

const Spec = z.strictObject({
  match: z
    .strictObject({
      method: z.string().exactOptional(),
      bucket: z.string().exactOptional(),
      keyPattern: KeyPattern.exactOptional(),
      operation: z.enum(OPERATIONS).exactOptional(),
      partNumber: z.int().exactOptional(),
    })
    .exactOptional(),
  times: z.int().min(1).exactOptional(),
  skip: count.exactOptional(),
  action: Action,
});

/** What the control endpoint may touch. */
interface Controlled {
  readonly faults: FaultController;
  readonly requests: readonly RequestRecord[];
  clockSkewMs: number;
  clearRequests(): void;
}

/** The endpoint under `/_dipper/` for tests in another process. */
export interface Control {
  handles(request: IncomingMessage): boolean;
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Makes the control endpoint of a server. */
export function createControl(token: string, server: Controlled): Control {
  return {
    handles: (request) => request.url?.startsWith('/_dipper/') ?? false,
    serve: async (request, response) => {
      const answer = await answerControl(token, server, request);
      const body = Buffer.from(JSON.stringify(answer.body));
      response.writeHead(answer.status, {
        'content-type': 'application/json',
        'content-length': body.length,
      });
      response.end(body);
      request.resume();
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function answerControl(
  token: string,
  server: Controlled,
  request: IncomingMessage,
): Promise<Answer> {
  if (!sameToken(request.headers.authorization, `Bearer ${token}`)) {
    return { status: 403, body: { error: 'wrong or missing token' } };
  }
  switch (`${request.method} ${request.url}`) {
    case 'POST /_dipper/faults': {
      const spec = Spec.safeParse(await readJson(request));
      if (!spec.success) return refused(z.prettifyError(spec.error));
      try {
        const fault: FaultSpec = spec.data;
        return { status: 200, body: { id: server.faults.add(fault).id } };
      } catch (error) {
        return refused(error instanceof Error ? error.message : String(error));
      }
    }
    case 'GET /_dipper/faults':
      return { status: 200, body: { hits: server.faults.hits } };
    case 'DELETE /_dipper/faults':
      server.faults.clear();
      return { status: 200, body: {} };
    case 'GET /_dipper/requests':
      return { status: 200, body: { requests: server.requests } };
    case 'DELETE /_dipper/requests':
      server.clearRequests();
      return { status: 200, body: {} };
    case 'POST /_dipper/clock': {
      const clock = z
        .strictObject({ skewMs: z.int() })
        .safeParse(await readJson(request));
      if (!clock.success) return refused(z.prettifyError(clock.error));
      server.clockSkewMs = clock.data.skewMs;
      return { status: 200, body: {} };
    }
    default:
      return { status: 404, body: { error: 'no such control' } };
  }
}

function refused(error: string): Answer {
  return { status: 400, body: { error } };
}

/** The body's JSON; undefined when it is none or too big, which no schema takes. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > MAX_BODY_BYTES) return undefined;
      chunks.push(bytes);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function sameToken(given: string | undefined, expected: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
