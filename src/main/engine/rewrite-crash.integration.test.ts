import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConnectionId } from '../../shared/domain/ids.ts';
import {
  type CrashBench,
  type EngineClient,
  openCrashBench,
} from './testing/crash-bench.ts';
import { waitFor } from './transfers/testing.ts';

const connectionId = 'one' as ConnectionId;
const key = 'film.mp4';
let bench: CrashBench;

beforeEach(async ({ skip }) => {
  bench = await openCrashBench(skip);
  bench.server.seed(bench.bucket, [{ key, body: 'x'.repeat(1_000) }]);
  // A server that wants large copies in parts.
  bench.server.faults.add({
    match: { operation: 'CopyObject' },
    action: { kind: 'error', status: 400, code: 'EntityTooLarge' },
  });
});

afterEach(async () => {
  await bench?.close();
});

/** Saves other headers; resolves when the engine is gone. */
async function save(engine: EngineClient): Promise<void> {
  const place = { connectionId, bucket: bench.bucket, key };
  const reading = await engine.call('aspects.read', { ...place, aspect: 'headers' });
  if (reading.kind !== 'read' || reading.aspect.aspect !== 'headers') throw new Error();
  const { aspect, revision } = reading;
  const value = { ...aspect.value, cacheControl: 'no-store' };
  const change = { aspect: 'headers', value } as const;
  await engine.call('aspects.write', { ...place, change, revision }).then(
    () => expect.unreachable(),
    () => undefined,
  );
}

test.each([
  ['UploadPartCopy', 'before'],
  ['CompleteMultipartUpload', 'before'],
  ['CreateMultipartUpload', 'response'],
] as const)(
  'an engine killed in the %s of a large object with new headers leaves no upload',
  async (operation, when) => {
    const { server, bucket } = bench;
    const stalled = server.faults.add({
      match: { operation },
      action: { kind: 'stall', when },
    });
    const first = bench.start();
    await bench.configure(first, connectionId);
    const saving = save(first);
    await waitFor(() => (stalled.hits === 1 ? true : undefined));
    await waitFor(() => (server.uploads(bucket).length === 1 ? true : undefined));
    await bench.kill();
    await saving;
    expect(server.uploads(bucket)).toHaveLength(1);
    server.faults.clear();
    const second = bench.start();
    const pending = () => second.call('engine.pendingConnections', undefined);
    // The window opens these again, whatever is looked at.
    expect(await pending()).toEqual([connectionId]);
    await bench.configure(second, connectionId);
    await waitFor(() => (server.uploads(bucket).length === 0 ? true : undefined));
    await waitFor(async () => ((await pending()).length === 0 ? true : undefined));
    expect(server.peek(bucket, key)).toBeDefined();
    await second.call('engine.stop', undefined);
  },
);
