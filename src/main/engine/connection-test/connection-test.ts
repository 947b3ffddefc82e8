import type { Credentials } from '../../../shared/contract/engine.ts';
import type { ConnectionDraft } from '../../../shared/domain/bookmark.ts';
import type {
  TestReport,
  TestStage,
  TestStageName,
} from '../../../shared/domain/connection-test.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { splitRoot } from '../../../shared/domain/remote-path.ts';
import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { ConnectionTestDetail } from '../../../shared/messages/connection-test.en.ts';
import { createS3Connection } from '../s3/create-connection.ts';
import { mapError } from '../s3/map-error.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import { type ProbeOptions, probeHttp, probeName, probeTls } from './probe.ts';

/** Options of {@link testConnection}. */
export interface ConnectionTestOptions {
  readonly draft: ConnectionDraft;
  readonly credentials: Credentials | null;
  readonly signal: AbortSignal;
  /** Called when a stage starts and when it ends. */
  readonly onStage: (stage: TestStage) => void;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
}

/** How a stage ended. */
interface Outcome {
  readonly outcome: Exclude<TestStage['outcome'], 'running'>;
  readonly detail: ConnectionTestDetail | '';
  readonly params?: TestStage['params'];
  readonly error?: AppError;
}

const STAGES: readonly TestStageName[] = [
  'name',
  'tls',
  'clock',
  'signature',
  'list',
  'read',
];
/** Servers refuse beyond 15 minutes; half of that is worth a word. */
const CLOCK_TOLERANCE_MS = 450_000;
const SKIPPED: Outcome = { outcome: 'skipped', detail: 'skipped' };

/**
 * Tests a connection step by step and explains each failure. Rejects only with
 * `transfer.cancelled`. No *Bucket* call is a condition: with a root only that is listed,
 * and keys that may not list at all are `limited`, not failed.
 */
export async function testConnection(
  options: ConnectionTestOptions,
): Promise<TestReport> {
  const run = new TestRun(options);
  try {
    for (const name of STAGES) await run.stage(name);
  } finally {
    run.close();
  }
  return run.report();
}

/** What the first signed request brought. */
type FirstRequest =
  | { readonly kind: 'buckets'; readonly count: number }
  | { readonly kind: 'root'; readonly firstKey: string | null }
  | { readonly kind: 'error'; readonly error: AppError };

class TestRun {
  readonly #options: ConnectionTestOptions;
  readonly #endpoint: URL | null;
  readonly #root: { readonly bucket: string; readonly prefix: string };
  readonly #stages: TestStage[] = [];
  #connection: S3Connection | null = null;
  #learntRegion: string | null = null;
  #serverDate: number | null = null;
  #first: FirstRequest | null = null;

  constructor(options: ConnectionTestOptions) {
    const { endpoint, root } = options.draft;
    this.#options = options;
    this.#endpoint = URL.canParse(endpoint) ? new URL(endpoint) : null;
    this.#root = splitRoot(root);
  }

  report(): TestReport {
    return {
      ok: this.#stages.every(({ outcome }) => outcome !== 'failed'),
      stages: this.#stages,
      learntRegion: this.#learntRegion,
    };
  }

  close(): void {
    this.#connection?.destroy();
  }

  async stage(name: TestStageName): Promise<void> {
    const { onStage, now, signal } = this.#options;
    const started = now();
    const base = { name, params: {}, error: null };
    const failedBefore = this.#stages.some(({ outcome }) => outcome === 'failed');
    if (!failedBefore) onStage({ ...base, outcome: 'running', ms: 0, detail: 'running' });
    const result = failedBefore ? SKIPPED : await this.#attempt(name);
    if (signal.aborted) throw new AppError('transfer.cancelled');
    const stage: TestStage = {
      name,
      outcome: result.outcome,
      ms: Math.max(0, now() - started),
      detail: result.detail,
      params: result.params ?? {},
      error: result.error === undefined ? null : serializeError(result.error),
    };
    this.#stages.push(stage);
    onStage(stage);
  }

  async #attempt(name: TestStageName): Promise<Outcome> {
    try {
      switch (name) {
        case 'name':
          return await this.#name();
        case 'tls':
          return await this.#tls();
        case 'clock':
          return this.#clock();
        case 'signature':
          return await this.#signature();
        case 'list':
          return this.#list();
        case 'read':
          return await this.#read();
        default:
          return assertNever(name);
      }
    } catch (error) {
      return failed(this.#map(error));
    }
  }

  #map(error: unknown): AppError {
    const host = this.#endpoint?.host ?? this.#options.draft.endpoint;
    return mapError(error, { host, signal: this.#options.signal });
  }

  #probe(endpoint: URL): ProbeOptions {
    const { draft, signal } = this.#options;
    const { connectTimeoutMs, caCertificate } = draft.advanced;
    return { endpoint, signal, timeoutMs: connectTimeoutMs, caCertificate };
  }

  async #name(): Promise<Outcome> {
    const endpoint = this.#endpoint;
    if (endpoint === null || !/^https?:$/.test(endpoint.protocol)) {
      return failed(new AppError('input.endpoint'));
    }
    const address = await probeName(endpoint);
    return address === null
      ? passed('name.literal')
      : passed('name.resolved', { address });
  }

  /** Reaches the port; over https shakes hands. Also reads the clock for the next stage. */
  async #tls(): Promise<Outcome> {
    const endpoint = this.#endpoint as URL;
    return endpoint.protocol === 'https:'
      ? this.#overTls(endpoint)
      : this.#overPlain(endpoint);
  }

  async #overTls(endpoint: URL): Promise<Outcome> {
    try {
      const protocol = await probeTls(this.#probe(endpoint), true);
      this.#serverDate = await dateOf(this.#probe(endpoint));
      return passed('tls.secure', { protocol });
    } catch (error) {
      const mapped = this.#map(error);
      if (mapped.code !== 'network.tls' && mapped.code !== 'network.reset') throw mapped;
      const reason = String(mapped.params['reason'] ?? 'protocol');
      if (reason !== 'protocol') return failed(mapped, CERTIFICATE_DETAILS[reason] ?? '');
      const plain = new URL(endpoint);
      plain.protocol = 'http:';
      plain.port = endpoint.port || '443';
      const speaksHttp = await answers(() => probeHttp(this.#probe(plain)));
      return speaksHttp ? failed(tlsError(endpoint), 'tls.speaks-http') : failed(mapped);
    }
  }

  async #overPlain(endpoint: URL): Promise<Outcome> {
    try {
      const answer = await probeHttp(this.#probe(endpoint));
      this.#serverDate = answer.date;
      // Go and nginx answer so when https is meant.
      if (answer.status === 400 && /https/i.test(answer.text)) {
        return failed(tlsError(endpoint), 'tls.speaks-https');
      }
      return { outcome: 'skipped', detail: 'tls.plain' };
    } catch (error) {
      const mapped = this.#map(error);
      const odd =
        mapped.code === 'network.reset' || mapped.code === 'provider.malformed-response';
      const secure = new URL(endpoint);
      secure.protocol = 'https:';
      secure.port = endpoint.port || '80';
      if (odd && (await answers(() => probeTls(this.#probe(secure), false)))) {
        return failed(tlsError(endpoint), 'tls.speaks-https');
      }
      throw mapped;
    }
  }

  #clock(): Outcome {
    if (this.#serverDate === null) return passed('clock.unknown');
    const offset = this.#serverDate - this.#options.now();
    if (Math.abs(offset) <= CLOCK_TOLERANCE_MS) return passed('clock.right');
    const seconds = Math.round(Math.abs(offset) / 1_000);
    const minutes = Math.round(seconds / 60);
    return { outcome: 'limited', detail: 'clock.off', params: { seconds, minutes } };
  }

  /** Only an answer that speaks of the keys fails here; others belong to the next stage. */
  async #signature(): Promise<Outcome> {
    const { draft, credentials } = this.#options;
    this.#first = await this.#firstRequest();
    const { error } = { error: null, ...this.#first };
    if (error !== null && isAboutKeys(error)) return failed(error);
    return draft.signature === 'anonymous' || credentials === null
      ? passed('signature.anonymous')
      : passed('signature.accepted');
  }

  async #firstRequest(): Promise<FirstRequest> {
    const { draft, credentials, now, signal } = this.#options;
    const { bucket, prefix } = this.#root;
    try {
      const connection = createS3Connection(
        { connectionId: 'test' as ConnectionId, draft, credentials },
        { now, onRegion: (_bucket, region) => (this.#learntRegion = region) },
      );
      this.#connection = connection;
      if (bucket === '') {
        const buckets = await connection.listBuckets({ signal });
        return { kind: 'buckets', count: buckets.length };
      }
      const page = await connection.listPage({
        bucket,
        prefix,
        delimiter: '',
        cursor: null,
        maxKeys: 1,
        signal,
      });
      return { kind: 'root', firstKey: page.keys[0] ?? null };
    } catch (error) {
      return { kind: 'error', error: this.#map(error) };
    }
  }

  #list(): Outcome {
    const first = this.#first as FirstRequest;
    const { bucket, prefix } = this.#root;
    switch (first.kind) {
      case 'buckets':
        return passed('list.buckets', { count: first.count });
      case 'root':
        return passed('list.root', { root: `${bucket}/${prefix}` });
      case 'error':
        if (first.error.code !== 'access.denied') return failed(first.error);
        return {
          outcome: 'limited',
          detail: bucket === '' ? 'list.no-buckets' : 'list.denied',
        };
      default:
        return assertNever(first);
    }
  }

  async #read(): Promise<Outcome> {
    const first = this.#first as FirstRequest;
    if (first.kind !== 'root') return { outcome: 'skipped', detail: 'not-needed' };
    const connection = this.#connection;
    if (first.firstKey === null || connection === null) {
      return { outcome: 'skipped', detail: 'read.nothing' };
    }
    const ref = { bucket: this.#root.bucket, key: first.firstKey };
    try {
      await connection.headObject({ ...ref, signal: this.#options.signal });
      return passed('read.allowed');
    } catch (error) {
      const mapped = this.#map(error);
      // Deleted in between: still shows that reading was not refused.
      if (mapped.code === 'object.not-found') return passed('read.allowed');
      if (mapped.code !== 'access.denied') throw mapped;
      return { outcome: 'limited', detail: 'read.denied' };
    }
  }
}

const CERTIFICATE_DETAILS: Readonly<Record<string, ConnectionTestDetail>> = {
  'self-signed': 'tls.self-signed',
  untrusted: 'tls.untrusted',
  expired: 'tls.expired',
  'not-yet-valid': 'tls.not-yet-valid',
  'other-name': 'tls.other-name',
};

function passed(detail: ConnectionTestDetail, params: TestStage['params'] = {}): Outcome {
  return { outcome: 'passed', detail, params };
}

function failed(error: AppError, detail: ConnectionTestDetail | '' = ''): Outcome {
  return { outcome: 'failed', detail, error };
}

function tlsError(endpoint: URL): AppError {
  return new AppError('network.tls', {
    params: { host: endpoint.host, reason: 'protocol' },
  });
}

function isAboutKeys(error: AppError): boolean {
  return error.code.startsWith('auth.') || error.code === 'provider.clock-skew';
}

async function dateOf(options: ProbeOptions): Promise<number | null> {
  return (await probeHttp(options)).date;
}

async function answers(probe: () => Promise<unknown>): Promise<boolean> {
  try {
    await probe();
    return true;
  } catch {
    return false;
  }
}
