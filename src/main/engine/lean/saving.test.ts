import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDiskPace, type DiskPace } from '../files/disk-pace.ts';
import { LeanBody, type ObjectFacts } from './object-body.ts';
import { Saving } from './saving.ts';
import { createSlabPool, SLAB_BYTES } from './slabs.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dipper-saving-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/**
 * What a lane does, with Node's `onread` in its least friendly way: the buffer for the next
 * bytes is asked for right after the last ones, so that after a pause bytes land where was
 * chosen before it; and over TLS a few more come although it was paused.
 */
class FakeLane {
  readonly own = Buffer.alloc(64 * 1024);
  pauses = 0;
  cancelled = false;
  #resume: (() => void) | null = null;

  readonly flow = {
    resume: () => {
      this.#resume?.();
      this.#resume = null;
    },
    cancel: () => {
      this.cancelled = true;
    },
  };

  async deliver(
    sink: Pick<Saving, 'room' | 'write'>,
    content: Buffer,
    sizes: readonly number[],
    late: number,
  ): Promise<void> {
    // Chosen before the sink came.
    let into: Buffer = this.own;
    let afterPause = 0;
    for (let at = 0, turn = 0; at < content.length; turn += 1) {
      const size = Math.min(sizes[turn % sizes.length] ?? 1, into.length);
      const count = content.copy(into, 0, at, Math.min(content.length, at + size));
      at += count;
      const goOn = sink.write(into.subarray(0, count));
      into = sink.room() ?? this.own;
      if (goOn) continue;
      afterPause += 1;
      if (afterPause % (late + 1) !== 0) continue;
      this.pauses += 1;
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
    }
  }
}

const slow: DiskPace | undefined = undefined;

function quick(): DiskPace {
  const pace = createDiskPace(() => 0);
  for (let calls = 0; calls < 8; calls += 1) pace.took(0);
  return pace;
}

/** Whatever a file is long, it holds the beginning of `content`, without gaps. */
function expectWhole(fd: number, content: Buffer): void {
  const bytes = Buffer.alloc(fstatSync(fd).size - 3);
  readSync(fd, bytes, 0, bytes.length, 3);
  expect(bytes.equals(content.subarray(0, bytes.length))).toBe(true);
}

async function save(
  content: Buffer,
  sizes: readonly number[],
  late: number,
  pace: DiskPace | undefined,
): Promise<number> {
  const file = path.join(folder, 'saved');
  const fd = openSync(file, 'w+');
  const lane = new FakeLane();
  const hash = createHash('sha256');
  let progress = 0;
  try {
    const saving = new Saving({
      target: {
        fd,
        position: 3,
        hash,
        pace,
        onProgress: (bytes) => {
          progress += bytes;
          // A process may die right here, and the length of the file is all that is left.
          expectWhole(fd, content);
        },
      },
      slabs: createSlabPool(2),
      flow: lane.flow,
      length: content.length,
    });
    await lane.deliver(saving, content, sizes, late);
    saving.end();
    await saving.done;
  } finally {
    closeSync(fd);
  }
  expect(progress).toBe(content.length);
  expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
  expect(readFileSync(file).subarray(3).equals(content)).toBe(true);
  return lane.pauses;
}

test('a short write never overtakes the long one before it', async () => {
  const content = randomBytes(SLAB_BYTES + 1);
  for (let turn = 0; turn < 100; turn += 1) await save(content, [65_536], 0, slow);
});

test('what arrives after a pause is written where it belongs', async () => {
  const content = randomBytes(4 * 1024 * 1024 + 5);
  const sizes = [65_536, 1, 16_384, 200_000, SLAB_BYTES];
  expect(await save(content, sizes, 0, slow)).toBeGreaterThan(0);
  expect(await save(content, sizes, 2, slow)).toBeGreaterThan(0);
  // Synchronous writes leave nothing to wait for.
  expect(await save(content, sizes, 0, quick())).toBe(0);
});

test('whatever the pieces, the file is the body', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_500_000 }),
      fc.array(fc.integer({ min: 1, max: SLAB_BYTES }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 3 }),
      fc.boolean(),
      async (length, sizes, late, sync) => {
        // Many tiny pieces of a long body only take time.
        const pieces = sizes.map((size) => Math.max(size, Math.ceil(length / 2_000)));
        await save(randomBytes(length), pieces, late, sync ? quick() : slow);
      },
    ),
    { numRuns: 25 },
  );
});

test.each([slow, quick()])(
  'an error of the file system ends the connection',
  async (pace) => {
    const file = path.join(folder, 'read-only');
    closeSync(openSync(file, 'w'));
    const fd = openSync(file, 'r');
    const lane = new FakeLane();
    const length = 300_000;
    try {
      const target = { fd, position: 0, pace };
      const slabs = createSlabPool(1);
      const saving = new Saving({ target, slabs, flow: lane.flow, length });
      const failed = saving.done.then(
        () => null,
        (error: unknown) => error,
      );
      await lane.deliver(saving, randomBytes(length), [SLAB_BYTES], 9);
      saving.end();
      expect(await failed).toMatchObject({ code: 'EBADF' });
      expect(lane.cancelled).toBe(true);
    } finally {
      closeSync(fd);
    }
  },
);

function factsOf(length: number): ObjectFacts {
  return { length, totalSize: length, etag: '', modified: null, metadata: {} };
}

test('a small body is taken before anybody asks, and only once', async () => {
  const lane = new FakeLane();
  const content = randomBytes(5_000);
  const body = new LeanBody({
    facts: factsOf(content.length),
    flow: lane.flow,
    slabs: createSlabPool(1),
    map: (error) => error as never,
  });
  await lane.deliver(body, content, [4_000], 0);
  body.end();
  expect(lane.pauses).toBe(0);
  expect((await body.bytes()).equals(content)).toBe(true);
  await expect(body.bytes()).rejects.toMatchObject({ code: 'internal' });
  body.discard();
  expect(lane.cancelled).toBe(false);
});

test('a long body waits for its taker, who also hears of what went wrong before', async () => {
  const lane = new FakeLane();
  const error = new Error('reset');
  const body = new LeanBody({
    facts: factsOf(10 * SLAB_BYTES),
    flow: lane.flow,
    slabs: createSlabPool(1),
    map: (seen) => seen as never,
  });
  expect(body.room()).toBeNull();
  expect(body.write(randomBytes(1_000))).toBe(false);
  body.fail(error);
  await expect(body.bytes()).rejects.toBe(error);
});
