import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Accounts } from './access/accounts.ts';
import { authenticate } from './auth/authenticate.ts';
import { type Framing, takeFraming } from './auth/framing.ts';
import { planPayload } from './auth/payload-plan.ts';
import { headersWithQuery } from './auth/presigned.ts';
import { RequestBody } from './auth/request-body.ts';
import { S3Error } from './errors.ts';
import { errorDocument, joinHeaders, pageHeaders, single } from './exchange-parts.ts';
import {
  type ConnectionControl,
  ConnectionCut,
  findAction,
  flipByte,
  hold,
  shapeBody,
  stall,
} from './fault-streams.ts';
import type { FaultAction, Faults } from './faults.ts';
import { type Features, switchedOff, without } from './features.ts';
import { authorize } from './handlers/authorize.ts';
import type { Call, Limits, Reply } from './handlers/call.ts';
import { dispatch } from './handlers/dispatch.ts';
import { notImplemented, type Operation, resolveOperation } from './operations.ts';
import type { OpenRecord, RequestLog } from './request-log.ts';
import { parseTarget, type RequestTarget } from './request-target.ts';
import type { Store } from './store/store.ts';
import type { S3User } from './users.ts';

/** What every request of a server shares. */
export interface ServerContext {
  readonly store: Store;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly users: readonly S3User[];
  readonly accounts: Accounts;
  /** Whether requests come by TLS. */
  readonly secure: boolean;
  /** Sub-resources this server pretends to lack. */
  readonly features: () => Features;
  readonly framing: () => Framing;
  readonly region: string;
  readonly domains: readonly string[];
  readonly limits: Limits;
  readonly publicBuckets: ReadonlySet<string>;
  readonly allowV2: boolean;
  /** Now by the server's clock, skew included. */
  readonly now: () => number;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
  /** Sends RST on a request's connection. */
  readonly reset: (request: IncomingMessage) => void;
  /** Told of failures that are this server's own fault. */
  readonly report: (error: unknown) => void;
}

/** Answers one request, from its head to the last byte of the response. */
export async function serveExchange(
  context: ServerContext,
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): Promise<void> {
  const exchange = new Exchange(context, request, response, expectsContinue);
  await exchange.run();
}

class Exchange {
  readonly #context: ServerContext;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #requestId = randomBytes(8).toString('hex').toUpperCase();
  readonly #headers: Readonly<Record<string, string>>;
  readonly #record: OpenRecord;
  readonly #connection: ConnectionControl;
  readonly #hostId: string;
  #actions: readonly FaultAction[] = [];
  #target: RequestTarget | undefined;
  #owesContinue: boolean;

  constructor(
    context: ServerContext,
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ) {
    this.#context = context;
    this.#request = request;
    this.#response = response;
    this.#owesContinue = expectsContinue;
    this.#headers = joinHeaders(request.headersDistinct);
    this.#hostId = createHash('sha256').update(this.#requestId).digest('base64');
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    this.#connection = {
      signal: gone.signal,
      released: AbortSignal.any([context.faults.clearedSignal, context.closing]),
      cleared: context.faults.clearedSignal,
      reset: () => context.reset(request),
      end: () => response.socket?.destroySoon(),
    };
    const { authorization: _secret, ...headers } = this.#headers;
    this.#record = {
      requestId: this.#requestId,
      startedAt: Date.now(),
      method: request.method ?? '',
      url: request.url ?? '',
      headers,
      operation: undefined,
      bucket: undefined,
      key: undefined,
      partNumber: undefined,
      user: undefined,
      status: undefined,
      code: undefined,
      bytesIn: 0,
      bytesOut: 0,
      endedAt: undefined,
    };
    context.log.open(this.#record);
  }

  async run(): Promise<void> {
    try {
      let reply: Reply;
      try {
        reply = await this.#answer();
      } catch (error) {
        reply = this.#refusal(error);
      }
      await this.#send(reply);
    } catch (error) {
      if (!(error instanceof ConnectionCut)) {
        if (!this.#connection.signal.aborted) this.#context.report(error);
        this.#response.destroy();
      }
    } finally {
      // Unread rest of a refused body: read on, so that the answer gets through.
      this.#request.resume();
      this.#record.endedAt = Date.now();
    }
  }

  async #answer(): Promise<Reply> {
    const { method = '', url = '' } = this.#request;
    const target = parseTarget(url, this.#headers['host'], this.#context.domains);
    this.#target = target;
    const hasCopySource =
      this.#headers['x-amz-copy-source'] !== undefined ||
      target.query.has('x-amz-copy-source');
    const lacking = switchedOff(target, this.#context.features());
    if (lacking?.how === 'notImplemented') throw notImplemented(lacking.name);
    const writes = lacking !== undefined && method !== 'GET' && method !== 'HEAD';
    const operation = resolveOperation(
      method,
      lacking && !writes ? without(target, lacking.name) : target,
      hasCopySource,
    );
    this.#describe(target, operation);
    this.#actions = this.#context.faults.strike(this.#record);
    await this.#faultsBefore();
    const call = this.#authenticatedCall(target, operation);
    await this.#faultsAfterBody(call);
    const reply = writes ? await this.#ignore(call) : await this.#perform(call);
    if (findAction(this.#actions, 'lostResponse')) {
      this.#connection.reset();
      throw new ConnectionCut();
    }
    return reply;
  }

  #describe(target: RequestTarget, operation: Operation): void {
    const part = target.query.get('partNumber');
    this.#record.operation = operation;
    this.#record.bucket = target.bucket;
    this.#record.key = target.key;
    this.#record.partNumber = part === undefined ? undefined : Number(part);
  }

  async #faultsBefore(): Promise<void> {
    for (const action of this.#actions) {
      if (action.kind === 'delay') await hold(action.ms, this.#connection);
    }
    for (const action of this.#actions) {
      if (action.kind === 'stall' && action.when === 'before') {
        await stall(this.#connection);
      }
      if (action.kind === 'reset' && action.when === 'before') {
        this.#connection.reset();
        throw new ConnectionCut();
      }
      if (action.kind === 'error500') throw new S3Error('InternalError');
      if (action.kind === 'slowDown') {
        const seconds = action.retryAfterSeconds;
        throw new S3Error(
          'SlowDown',
          seconds === undefined ? {} : { headers: { 'retry-after': String(seconds) } },
        );
      }
      if (action.kind === 'error') {
        const { status, message, headers } = action;
        throw new S3Error(action.code, {
          status,
          ...(message === undefined ? {} : { message }),
          ...(headers === undefined ? {} : { headers }),
        });
      }
    }
  }

  async #faultsAfterBody(call: Call): Promise<void> {
    const reset = this.#actions.some(
      (action) => action.kind === 'reset' && action.when === 'after',
    );
    if (!reset) return;
    await call.body.receive(() => undefined, { bodyChecksum: false });
    this.#connection.reset();
    throw new ConnectionCut();
  }

  #authenticatedCall(target: RequestTarget, operation: Operation): Call {
    const context = this.#context;
    const now = context.now();
    const incoming = {
      method: this.#request.method ?? '',
      target,
      headers: this.#headers,
    };
    const { user, presigned, payload } =
      operation === 'OptionsObject'
        ? {
            user: undefined,
            presigned: false,
            payload: planPayload(this.#headers, undefined),
          }
        : authenticate(incoming, {
            now,
            allowV2: context.allowV2,
            regions: this.#regions(target, operation),
            findUser: (accessKeyId) =>
              context.users.find((known) => known.accessKeyId === accessKeyId),
          });
    this.#record.user = user?.name;
    const { bucket, key } = target;
    const prefix = target.query.get('prefix');
    const sent = presigned ? headersWithQuery(incoming) : this.#headers;
    const { headers, plan } = takeFraming(context.framing(), sent, payload);
    const { store, accounts, publicBuckets, secure } = context;
    const judge = { user, store, accounts, publicBuckets, secure, headers };
    authorize(judge, { operation, bucket, key, prefix });
    const corrupt = findAction(this.#actions, 'corrupt');
    return {
      ...judge,
      operation,
      method: incoming.method,
      target,
      body: new RequestBody(headers, plan, this.#bodySource()),
      region: context.region,
      limits: context.limits,
      now,
      newId: () => randomBytes(24).toString('base64url'),
      spoil:
        corrupt?.what === 'stored'
          ? (chunk, offset) => flipByte(chunk, (corrupt.atByte ?? 0) - offset)
          : undefined,
    };
  }

  /** Does nothing, and says it was done. */
  async #ignore({ body, method }: Call): Promise<Reply> {
    await body.receive(() => undefined, { bodyChecksum: false });
    return { status: method === 'DELETE' ? 204 : 200 };
  }

  /** Regions a signature may name: the bucket's own, and any for asking where it is. */
  #regions(target: RequestTarget, operation: Operation): readonly string[] {
    const { region, store } = this.#context;
    const bucket = store.bucket(target.bucket ?? '');
    if (!bucket || operation === 'CreateBucket') return [region];
    const own = bucket.start.region;
    return operation === 'GetBucketLocation' ? [own, region, 'us-east-1'] : [own];
  }

  async #perform(call: Call): Promise<Reply> {
    const failure = findAction(this.#actions, 'errorIn200');
    const late =
      call.operation === 'CompleteMultipartUpload' ||
      call.operation === 'CopyObject' ||
      call.operation === 'UploadPartCopy';
    if (!failure || !late) return dispatch(call);
    if (failure.done) await dispatch(call);
    else await call.body.receive(() => undefined, { bodyChecksum: false });
    const error = new S3Error(failure.code ?? 'InternalError');
    this.#record.code = error.code;
    return { status: 200, xml: this.#describeError(error) };
  }

  #bodySource(): AsyncIterable<Buffer> {
    const source = this.#rawBody();
    return shapeBody(source, 'request', this.#actions, this.#connection);
  }

  async *#rawBody(): AsyncGenerator<Buffer, void, undefined> {
    if (this.#owesContinue) {
      this.#owesContinue = false;
      this.#response.writeContinue();
    }
    // Leaving the loop early must not close the connection an answer is due on.
    for await (const chunk of this.#request.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      this.#record.bytesIn += bytes.length;
      yield bytes;
    }
  }

  #refusal(error: unknown): Reply {
    if (error instanceof ConnectionCut || this.#connection.signal.aborted) throw error;
    if (!(error instanceof S3Error)) this.#context.report(error);
    const known = error instanceof S3Error ? error : new S3Error('InternalError');
    this.#record.code = known.code;
    const xml = known.status === 304 ? undefined : this.#describeError(known);
    return {
      status: known.status,
      headers: known.headers,
      ...(xml === undefined ? {} : { xml }),
    };
  }

  #describeError(error: S3Error): string {
    return errorDocument(error, {
      resource: this.#target?.path.toString('utf8') ?? this.#request.url ?? '',
      requestId: this.#requestId,
      hostId: this.#hostId,
    });
  }

  async #send(reply: Reply): Promise<void> {
    const response = this.#response;
    const text = reply.xml ?? reply.json;
    const body = text === undefined ? undefined : Buffer.from(text, 'utf8');
    const { content } = reply;
    try {
      this.#record.status = reply.status;
      response.sendDate = false;
      response.writeHead(reply.status, this.#responseHeaders(reply, body));
      if (this.#request.method === 'HEAD') {
        response.end();
        return;
      }
      const source = content
        ? this.#context.store.contents.read(content.slices)
        : single(body);
      await this.#sendBody(source);
    } finally {
      if (content) this.#context.store.contents.release(content.slices);
    }
  }

  #responseHeaders(reply: Reply, body: Buffer | undefined): Record<string, string> {
    const headers: Record<string, string> = {
      'x-amz-request-id': this.#requestId,
      'x-amz-id-2': this.#hostId,
      date: new Date(this.#context.now()).toUTCString(),
      server: 'AmazonS3',
    };
    if (body) {
      headers['content-type'] =
        reply.json === undefined ? 'application/xml' : 'application/json';
      headers['content-length'] = String(body.length);
    } else if (reply.content) {
      headers['content-length'] = String(reply.content.length);
    }
    // Without its "continue" the client keeps the body; the connection is out of step.
    if (this.#owesContinue) headers['connection'] = 'close';
    const { method = '' } = this.#request;
    const { store } = this.#context;
    const origin = this.#headers['origin'];
    const page = pageHeaders(store, this.#target?.bucket, origin, method);
    for (const [name, value] of Object.entries({ ...page, ...reply.headers })) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  }

  async #sendBody(source: AsyncIterable<Buffer>): Promise<void> {
    const response = this.#response;
    const shaped = shapeBody(source, 'response', this.#actions, this.#connection);
    for await (const chunk of shaped) {
      if (this.#connection.signal.aborted) throw new ConnectionCut();
      this.#record.bytesOut += chunk.length;
      if (!response.write(chunk)) {
        await once(response, 'drain', { signal: this.#connection.signal });
      }
    }
    response.end();
  }
}
