import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { S3Connection } from '../s3/s3-connection.ts';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { type Bandwidth, createBandwidth } from './bandwidth.ts';

const KIB = 1_024;
const ID = 'limited' as ConnectionId;
/** What is moved, and in how long the limit lets it through. */
const BYTES = 1_536 * KIB;
const LIMIT_KIBS = 1_024;
const SECONDS = 1.5;
const SMALL = 24 * KIB;
const NO_SCHEDULE = {
  enabled: false,
  days: [],
  from: '08:00',
  to: '18:00',
  uploadLimitKiBs: 0,
  downloadLimitKiBs: 0,
};

let target: S3Target;
let bucket: string;
let folder: string;

beforeAll(async () => {
  target = await openS3Target();
  bucket = await target.makeBucket();
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-bandwidth-'));
});

afterAll(async () => {
  await target.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Seconds that `work` takes at the least; a busy machine takes longer. */
async function took(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

/** Eight at a time, as the queue does. */
async function eachOf(keys: readonly string[], work: (key: string) => Promise<unknown>) {
  const left = keys.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const key of left) await work(key);
    }),
  );
}

describe.each([
  ['the lean path', true],
  ['the SDK', false],
])('over %s', (name, lean) => {
  let bandwidth: Bandwidth;
  let s3: S3Connection;

  beforeEach(() => {
    bandwidth = createBandwidth({
      now: Date.now,
      monotonic: () => performance.now(),
      onChange: () => undefined,
    });
    s3 = target.connect({
      lean,
      bandwidth,
      connectionId: ID,
      // Shorter than a body takes: a slow body is no stall.
      draft: { advanced: { requestTimeoutMs: 2_000 } as never },
    });
  });

  function limit(): void {
    bandwidth.setLimits({
      uploadLimitKiBs: LIMIT_KIBS,
      downloadLimitKiBs: LIMIT_KIBS,
      limitSchedule: NO_SCHEDULE,
    });
  }

  async function put(key: string, length: number, onProgress?: (n: number) => void) {
    const file = path.join(folder, key.replaceAll('/', '-'));
    writeFileSync(file, randomBytes(length));
    const body = { path: file, start: 0, length };
    await s3.putObject({ bucket, key, contentType: '', metadata: {}, body, onProgress });
  }

  async function get(key: string): Promise<number> {
    const body = await s3.getObject({ bucket, key });
    return Buffer.concat(await body.stream.toArray()).length;
  }

  const smalls = Array.from({ length: BYTES / SMALL }, (_, n) => `small/${name}/${n}`);

  test('uploads keep to the limit, one large and many small ones', async () => {
    limit();
    let sent = 0;
    const large = await took(() => put('large', BYTES, (bytes) => (sent += bytes)));
    expect(sent).toBe(BYTES);
    expect(large).toBeGreaterThan(SECONDS * 0.9);
    const small = await took(() => eachOf(smalls, (key) => put(key, SMALL)));
    expect(small).toBeGreaterThan(SECONDS * 0.9);
  });

  test('downloads keep to the limit, several large and many small ones', async () => {
    const thirds = [1, 2, 3].map((n) => `third/${name}/${n}`);
    for (const key of thirds) await put(key, BYTES / 3);
    await eachOf(smalls, (key) => put(key, SMALL));
    limit();
    const large = await took(async () => {
      const sizes = await Promise.all(thirds.map(get));
      expect(sizes).toEqual(thirds.map(() => BYTES / 3));
    });
    expect(large).toBeGreaterThan(SECONDS * 0.9);
    const small = await took(() =>
      eachOf(smalls, async (key) => expect(await get(key)).toBe(SMALL)),
    );
    expect(small).toBeGreaterThan(SECONDS * 0.9);
  });

  test('a limit of a few bytes is lifted in mid-body, and aborting waits for none', async () => {
    bandwidth.setConnection(ID, { uploadLimitKiBs: 1, downloadLimitKiBs: 1 });
    const stop = new AbortController();
    const file = path.join(folder, 'stopped');
    writeFileSync(file, randomBytes(BYTES));
    const stopped = s3.putObject({
      bucket,
      key: 'stopped',
      contentType: '',
      metadata: {},
      body: { path: file, start: 0, length: BYTES },
      signal: stop.signal,
    });
    const refused = stopped.catch((error: unknown) => error);
    const upload = put('freed', BYTES);
    await new Promise((resolve) => setTimeout(resolve, 100));
    stop.abort();
    expect(await refused).toMatchObject({ code: 'transfer.cancelled' });
    bandwidth.setConnection(ID, { uploadLimitKiBs: 0, downloadLimitKiBs: 1 });
    await upload;
    const download = get('freed');
    bandwidth.setConnection(ID, { uploadLimitKiBs: 0, downloadLimitKiBs: 0 });
    expect(await download).toBe(BYTES);
  });
});
