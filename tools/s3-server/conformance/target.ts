import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type S3Server, startS3Server } from '../server.ts';
import { canonicalId } from '../store/acl.ts';
import {
  type Credentials,
  type RawRequest,
  type RawResponse,
  send,
  sendRaw,
} from '../testing/raw-request.ts';
import { accountOf } from '../users.ts';

/** Whose behaviour the suite meets: AWS's (our server's too) or radosgw's. */
export const SIDE: 'aws' | 'radosgw' =
  process.env['S3_ENDPOINT'] === undefined ||
  process.env['S3_ENDPOINT'].includes('amazonaws.com')
    ? 'aws'
    : 'radosgw';

/** The server a file of the suite runs against. */
export class Target {
  readonly endpoint: string;
  readonly region: string;
  readonly full: Credentials;
  readonly limited: Credentials;
  readonly limitedBucket: string;
  readonly limitedPrefix: string;
  /** A user of another account, and its canonical id. */
  readonly other: Credentials;
  readonly otherId: string;
  readonly #own: S3Server | undefined;
  readonly #clients: S3Client[] = [];
  readonly #buckets: string[] = [];

  private constructor(settings: TargetSettings, own: S3Server | undefined) {
    this.endpoint = settings.endpoint;
    this.region = settings.region;
    this.full = settings.full;
    this.limited = settings.limited;
    this.limitedBucket = settings.limitedBucket;
    this.limitedPrefix = settings.limitedPrefix;
    this.other = settings.other;
    this.otherId = settings.otherId;
    this.#own = own;
  }

  /** Starts our server, or takes the one the environment names. */
  static async open(): Promise<Target> {
    if (process.env['S3_ENDPOINT'] !== undefined) {
      return new Target(settingsOfEnvironment(), undefined);
    }
    const own = await startS3Server({ log: (line) => console.error(line) });
    own.createBucket('shared');
    const { full, limited, other } = own.users;
    return new Target(
      {
        endpoint: own.endpoint,
        region: own.region,
        full,
        limited,
        limitedBucket: 'shared',
        limitedPrefix: 'team/',
        other,
        otherId: canonicalId(accountOf(other)),
      },
      own,
    );
  }

  /** A client; without retries, and of the full user unless told otherwise. */
  client(config: S3ClientConfig = {}): S3Client {
    const client = new S3Client({
      endpoint: this.endpoint,
      region: this.region,
      credentials: this.full,
      forcePathStyle: true,
      maxAttempts: 1,
      // radosgw knows no aws-chunked trailers; tests of checksums ask for them.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...config,
    });
    this.#clients.push(client);
    return client;
  }

  /** A name no bucket had before; it is emptied and removed at the end. */
  bucketName(): string {
    const random = Math.random().toString(36).slice(2, 10);
    const name = `conformance-${Date.now().toString(36)}-${random}`;
    this.#buckets.push(name);
    return name;
  }

  /** Makes a bucket with a fresh name. */
  async bucket(): Promise<string> {
    const name = this.bucketName();
    await this.client().send(new CreateBucketCommand({ Bucket: name }));
    return name;
  }

  /** Sends a request as the full user, signed by hand. */
  raw(request: Omit<RawRequest, 'endpoint'>): Promise<RawResponse> {
    return sendRaw({
      endpoint: this.endpoint,
      region: this.region,
      credentials: this.full,
      ...request,
    });
  }

  /** Sends a request nobody signed; the path as on the wire. */
  anonymous(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<RawResponse> {
    const options =
      body === undefined ? { headers } : { headers, body: Buffer.from(body) };
    return send(this.endpoint, method, path, options);
  }

  async close(): Promise<void> {
    if (!this.#own) for (const name of this.#buckets) await this.#remove(name);
    for (const client of this.#clients) client.destroy();
    await this.#own?.close();
  }

  async #remove(name: string): Promise<void> {
    const client = this.client();
    const bucket = { Bucket: name };
    try {
      const uploads = await client.send(new ListMultipartUploadsCommand(bucket));
      for (const { Key, UploadId } of uploads.Uploads ?? []) {
        await client.send(new AbortMultipartUploadCommand({ ...bucket, Key, UploadId }));
      }
      for (;;) {
        const request = { ...bucket, EncodingType: 'url' } as const;
        const page = await client.send(new ListObjectsV2Command(request));
        for (const { Key = '' } of page.Contents ?? []) {
          const key = decodeURIComponent(Key.replaceAll('+', ' '));
          await client.send(new DeleteObjectCommand({ ...bucket, Key: key }));
        }
        if (!page.IsTruncated) break;
      }
      await client.send(new DeleteBucketCommand(bucket));
    } catch (error) {
      if (!(error instanceof S3ServiceException) || error.name !== 'NoSuchBucket') {
        throw error;
      }
    }
  }
}

interface TargetSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly full: Credentials;
  readonly limited: Credentials;
  readonly limitedBucket: string;
  readonly limitedPrefix: string;
  readonly other: Credentials;
  readonly otherId: string;
}

function settingsOfEnvironment(): TargetSettings {
  const limited = {
    accessKeyId: fromEnvironment('S3_LIMITED_ACCESS_KEY'),
    secretAccessKey: fromEnvironment('S3_LIMITED_SECRET_KEY'),
  };
  return {
    endpoint: fromEnvironment('S3_ENDPOINT'),
    region: process.env['S3_REGION'] ?? 'us-east-1',
    full: {
      accessKeyId: fromEnvironment('S3_ACCESS_KEY'),
      secretAccessKey: fromEnvironment('S3_SECRET_KEY'),
    },
    limited,
    limitedBucket: fromEnvironment('S3_LIMITED_BUCKET'),
    limitedPrefix: fromEnvironment('S3_LIMITED_PREFIX'),
    // Each user of radosgw is an account: outside its prefix the limited one is as
    // foreign as can be.
    other: limited,
    otherId: process.env['S3_OTHER_ID'] ?? 'limited',
  };
}

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`S3_ENDPOINT is set but ${name} is not`);
  return value;
}

/** Opens the target before a file's tests and closes it after; gives access to it. */
export function useTarget(): () => Target {
  let target: Target | undefined;
  beforeAll(async () => {
    target = await Target.open();
  });
  afterAll(() => target?.close());
  return () => {
    if (!target) throw new Error('the target is open only while tests run');
    return target;
  };
}

/**
 * A test of something on which AWS and radosgw differ: `run` gives the outcome,
 * `expected` has each side's, and `difference` says which behaviour is AWS's.
 */
export function differs<Outcome>(
  name: string,
  difference: string,
  run: () => Promise<Outcome>,
  expected: { readonly aws: NoInfer<Outcome>; readonly radosgw: NoInfer<Outcome> },
): void {
  // oxlint-disable-next-line vitest/valid-title -- given by callers.
  it(`${name} [${difference}]`, async () => {
    expect(await run()).toEqual(expected[SIDE]);
  });
}

/** How a command was refused. */
interface Refusal {
  readonly code: string;
  readonly status: number | undefined;
}

/**
 * The refusal of a command.
 *
 * @throws Error when it was not refused
 */
export async function refusal(command: Promise<unknown>): Promise<Refusal> {
  try {
    await command;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    return { code: error.name, status: error.$metadata.httpStatusCode };
  }
  throw new Error('the command was not refused');
}

/** A command's status, or the code it was refused with. */
export async function outcomeOf(
  command: Promise<{ readonly $metadata: { readonly httpStatusCode?: number } }>,
): Promise<number | string | undefined> {
  try {
    return (await command).$metadata.httpStatusCode;
  } catch (error) {
    if (error instanceof S3ServiceException) return error.name;
    throw error;
  }
}
