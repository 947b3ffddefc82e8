import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Credentials } from '../../src/shared/contract/engine.ts';
import type { Digest } from './content.ts';
import type { ServerContents, TortureServer } from './torture-server.ts';

/** Objects looked at or removed at the same time. */
const AT_ONCE = 8;

/** Where another server is, as its environment tells. */
export interface Endpoint {
  readonly url: URL;
  readonly region: string;
  readonly credentials: Credentials;
}

/**
 * The server of `S3_ENDPOINT`, `S3_REGION`, `S3_ACCESS_KEY` and `S3_SECRET_KEY`. Throws
 * when it is not all there, or not on this machine: the proxy speaks no TLS.
 */
export function endpointOf(
  environment: Readonly<Record<string, string | undefined>>,
): Endpoint {
  const { S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY, S3_SECRET_KEY } = environment;
  if (!S3_ENDPOINT || !S3_ACCESS_KEY || !S3_SECRET_KEY) {
    throw new Error('Set S3_ENDPOINT, S3_ACCESS_KEY and S3_SECRET_KEY');
  }
  const url = new URL(S3_ENDPOINT);
  const isLocal = url.hostname === '127.0.0.1' || url.hostname === 'localhost';
  if (url.protocol !== 'http:' || !isLocal) {
    throw new Error(`S3_ENDPOINT must be http on this machine, not ${S3_ENDPOINT}`);
  }
  return {
    url,
    region: S3_REGION || 'us-east-1',
    credentials: {
      accessKeyId: S3_ACCESS_KEY,
      secretAccessKey: S3_SECRET_KEY,
      sessionToken: '',
    },
  };
}

/** Another server, such as Ceph's radosgw, in two buckets of its own. */
export class RadosgwServer implements TortureServer {
  readonly buckets: readonly string[];
  readonly credentials: Credentials;
  readonly port: number;
  readonly #client: S3Client;

  constructor({ url, region, credentials }: Endpoint) {
    const run = randomBytes(4).toString('hex');
    this.buckets = [`torture-${run}-one`, `torture-${run}-two`];
    this.credentials = credentials;
    this.port = Number(url.port || 80);
    this.#client = new S3Client({
      endpoint: url.origin,
      region,
      forcePathStyle: true,
      // A copy: the SDK adds notes of its own.
      credentials: { ...credentials },
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  async start(): Promise<void> {
    for (const Bucket of this.buckets) {
      await this.#client.send(new CreateBucketCommand({ Bucket }));
    }
  }

  async seed(
    bucket: string,
    entries: readonly { readonly key: string; readonly body: Buffer }[],
  ): Promise<void> {
    await each(entries, async ({ key, body }) => {
      await this.#client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }),
      );
    });
  }

  async inspect(): Promise<ServerContents> {
    const objects: Record<string, Digest> = {};
    const uploads: string[] = [];
    for (const bucket of this.buckets) {
      await each(await this.#keys(bucket), async (key) => {
        objects[`${bucket}/${key}`] = await this.#digest(bucket, key);
      });
      for (const { key, uploadId } of await this.#uploads(bucket)) {
        uploads.push(`${bucket}/${key} ${uploadId}`);
      }
    }
    return { objects, uploads };
  }

  async close(): Promise<void> {
    for (const Bucket of this.buckets) {
      for (const { key: Key, uploadId: UploadId } of await this.#uploads(Bucket)) {
        const input = { Bucket, Key, UploadId };
        await this.#client.send(new AbortMultipartUploadCommand(input));
      }
      await each(await this.#keys(Bucket), async (Key) => {
        await this.#client.send(new DeleteObjectCommand({ Bucket, Key }));
      });
      await this.#client.send(new DeleteBucketCommand({ Bucket }));
    }
    this.#client.destroy();
  }

  async #keys(bucket: string): Promise<readonly string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          EncodingType: 'url',
          ContinuationToken: token,
        }),
      );
      // Ceph encodes when asked but leaves blanks as plus signs.
      for (const { Key } of page.Contents ?? []) {
        keys.push(decodeURIComponent((Key ?? '').replaceAll('+', ' ')));
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return keys;
  }

  async #uploads(
    bucket: string,
  ): Promise<readonly { readonly key: string; readonly uploadId: string }[]> {
    // A run leaves none: more than a page is as wrong as one.
    const page = await this.#client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket }),
    );
    return (page.Uploads ?? []).map(({ Key, UploadId }) => ({
      key: Key ?? '',
      uploadId: UploadId ?? '',
    }));
  }

  async #digest(bucket: string, key: string): Promise<Digest> {
    const { Body } = await this.#client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key }),
    );
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      size += chunk.length;
    }
    return { size, sha256: hash.digest('hex') };
  }
}

/** Works through a list, some at a time. */
async function each<T>(
  list: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = list.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}
