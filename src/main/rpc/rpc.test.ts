import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { call, namespace } from '../../shared/contract/define.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { messagePortAdapter } from './adapters.ts';
import { connectContract } from './connect-contract.ts';
import { type CallContext, serveContract } from './serve-contract.ts';

const contract = {
  calls: namespace('math', {
    add: call(z.strictObject({ a: z.number(), b: z.number() }), z.number()),
    fail: call(z.void(), z.void()),
    crash: call(z.void(), z.void()),
    hang: call(z.void(), z.string()),
    floats: call(z.instanceof(Float64Array), z.instanceof(Float64Array)),
  }),
  topics: { 'math.ticked': z.strictObject({ count: z.int() }) },
} as const;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function connect() {
  const { port1, port2 } = new MessageChannel();
  const unexpected: string[] = [];
  const aborted = Promise.withResolvers<void>();
  const server = serveContract(
    contract,
    {
      'math.add': ({ a, b }) => a + b,
      'math.fail': () => {
        throw new AppError('bucket.not-found', { params: { bucket: 'photos' } });
      },
      'math.crash': () => {
        throw new TypeError('secret detail');
      },
      'math.hang': async (_request: void, { signal }: CallContext) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        aborted.resolve();
        throw new AppError('transfer.cancelled');
      },
      'math.floats': (values) => values.map((value) => value * 2),
    },
    messagePortAdapter(port1),
    (name) => unexpected.push(name),
  );
  const client = connectContract(contract, messagePortAdapter(port2));
  cleanups.push(() => {
    port1.close();
    port2.close();
  });
  return { server, client, port1, port2, unexpected, aborted: aborted.promise };
}

test('calls reach their handler and come back in any order', async () => {
  const { client } = connect();
  const answers = await Promise.all([
    client.call('math.add', { a: 1, b: 2 }),
    client.call('math.add', { a: 10, b: 20 }),
  ]);
  expect(answers).toEqual([3, 30]);
  expect(await client.call('math.floats', Float64Array.of(1, NaN))).toEqual(
    Float64Array.of(2, NaN),
  );
});

test('an AppError arrives as itself, any other as internal without its text', async () => {
  const { client, unexpected } = connect();
  await expect(client.call('math.fail', undefined)).rejects.toMatchObject({
    code: 'bucket.not-found',
    params: { bucket: 'photos' },
  });
  const crash = await client
    .call('math.crash', undefined)
    .catch((error: unknown) => error);
  expect(crash).toBeInstanceOf(AppError);
  expect(crash).toMatchObject({ code: 'internal', message: 'internal' });
  expect(unexpected).toEqual(['math.crash']);
});

test('a request that breaks the schema never reaches the handler', async () => {
  const { client } = connect();
  const wrong = { a: 1, b: 'two' } as unknown as { a: number; b: number };
  await expect(client.call('math.add', wrong)).rejects.toMatchObject({
    code: 'ipc.invalid-request',
    params: { name: 'math.add', field: 'b' },
  });
});

test.each(['math.nothing', 'toString', '__proto__'])('%s is no call', async (name) => {
  const { client } = connect();
  await expect(client.call(name as 'math.fail', undefined)).rejects.toMatchObject({
    code: 'ipc.invalid-request',
  });
});

test('aborting rejects at once and aborts the handler', async () => {
  const { client, aborted } = connect();
  const controller = new AbortController();
  const answer = client.call('math.hang', undefined, { signal: controller.signal });
  controller.abort();
  await expect(answer).rejects.toMatchObject({ code: 'transfer.cancelled' });
  await aborted;
  await expect(
    client.call('math.hang', undefined, { signal: controller.signal }),
  ).rejects.toMatchObject({ code: 'transfer.cancelled' });
});

test('events reach subscribers until they unsubscribe', async () => {
  const { client, server } = connect();
  const seen: number[] = [];
  const stop = client.subscribe('math.ticked', ({ count }) => seen.push(count));
  server.emit('math.ticked', { count: 1 });
  await client.call('math.add', { a: 0, b: 0 });
  stop();
  server.emit('math.ticked', { count: 2 });
  await client.call('math.add', { a: 0, b: 0 });
  expect(seen).toEqual([1]);
});

test('when the line breaks, all that waits fails with engine.gone', async () => {
  const { client, port1, aborted } = connect();
  const answer = client.call('math.hang', undefined);
  await client.call('math.add', { a: 0, b: 0 });
  port1.close();
  await expect(answer).rejects.toMatchObject({ code: 'engine.gone' });
  await aborted;
  await expect(client.call('math.add', { a: 1, b: 1 })).rejects.toMatchObject({
    code: 'engine.gone',
  });
});

test('strangers on the line are ignored', async () => {
  const { client, port1, port2 } = connect();
  for (const port of [port1, port2]) {
    for (const noise of [
      null,
      7,
      'x',
      {},
      { kind: 'call' },
      { kind: 'answer', id: 99 },
    ]) {
      port.postMessage(noise);
    }
  }
  expect(await client.call('math.add', { a: 2, b: 2 })).toBe(4);
});
