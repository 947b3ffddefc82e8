import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openS3Target, type S3Target } from '../testing/s3-target.ts';
import { openBench, type TransferBench, waitFor } from './testing.ts';

const MIB = 1024 * 1024;
const SIZE = 40 * MIB;

let target: S3Target;

beforeAll(async () => {
  target = await openS3Target();
});

afterAll(async () => {
  await target.close();
});

function open(): TransferBench {
  const bench = openBench(target);
  onTestFinished(() => bench.close());
  return bench;
}

test.each([
  ['small', 5],
  ['large', 300 * 1024],
])('a %s file from before 1970 keeps its time', async (_name, size) => {
  const bench = open();
  const bucket = await target.makeBucket();
  await bench.put(bucket, 'old', Buffer.alloc(size, 'x'), { mtime: '-86400.5' });
  await bench.end(await bench.download(bucket, ['old']));
  const file = path.join(bench.folder, 'down/old');
  expect(statSync(file).mtimeMs).toBe(-86_400_500);
});

/** An object whose ETag tells nothing of its bytes, on a server that takes no conditions. */
interface OddServer {
  readonly endpoint: string;
  /** Which version it has; each byte of a version is its number. */
  version: number;
  /** Called with the start of each range that is asked for; its answer waits for it. */
  onRange: (start: number) => Promise<void> | void;
}

async function startOddServer(): Promise<OddServer> {
  const odd: { version: number; onRange: OddServer['onRange'] } = {
    version: 1,
    onRange: () => undefined,
  };
  async function answer(request: IncomingMessage, response: ServerResponse) {
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [start, end] =
      range === null ? [0, SIZE - 1] : [Number(range[1]), Number(range[2])];
    if (range !== null) await odd.onRange(start);
    const { version } = odd;
    response.writeHead(range === null ? 200 : 206, {
      etag: `"version.${version}"`,
      'content-length': end - start + 1,
      'last-modified': new Date(version * 1_000).toUTCString(),
      ...(range === null ? {} : { 'content-range': `bytes ${start}-${end}/${SIZE}` }),
    });
    response.end(
      request.method === 'HEAD' ? undefined : Buffer.alloc(end - start + 1, version),
    );
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(odd, { endpoint: `http://127.0.0.1:${port}` });
}

describe('of a server that takes no conditions and whose ETags are no sums', () => {
  test('an object that is replaced in mid-way is fetched anew, not mixed', async () => {
    const bench = open();
    const odd = await startOddServer();
    bench.configure({ endpoint: odd.endpoint });
    bench.service.setLimits({ maxTransfers: 1, partsPerTransfer: 1 });
    let ranges = 0;
    odd.onRange = () => {
      ranges += 1;
      if (ranges === 2) odd.version = 2;
    };
    await bench.end(await bench.download('bucket', ['odd.bin']));
    const bytes = readFileSync(path.join(bench.folder, 'down/odd.bin'));
    expect(bytes.equals(Buffer.alloc(SIZE, 2))).toBe(true);
  });

  test('ranges that the temporary file has lost meanwhile are fetched again', async () => {
    const bench = open();
    const odd = await startOddServer();
    bench.configure({ endpoint: odd.endpoint });
    bench.service.setLimits({ maxTransfers: 1, partsPerTransfer: 1 });
    const asked: number[] = [];
    // The second range is never answered.
    odd.onRange = (start) => {
      asked.push(start);
      return asked.length === 2 ? new Promise<void>(() => undefined) : undefined;
    };
    const group = await bench.download('bucket', ['odd.bin']);
    await waitFor(() => asked.length === 2 || undefined);
    const { handlers } = bench.service;
    await handlers['transfers.pause']({ ids: null });
    const folder = path.join(bench.folder, 'down');
    const [part] = readdirSync(folder);
    truncateSync(path.join(folder, part ?? ''), 0);
    await handlers['transfers.resume']({ ids: null });
    expect(await bench.end(group)).toMatchObject({ done: 1 });
    const bytes = readFileSync(path.join(folder, 'odd.bin'));
    expect(bytes.equals(Buffer.alloc(SIZE, 1))).toBe(true);
  });
});
