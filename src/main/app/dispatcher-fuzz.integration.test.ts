import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { appContract } from '../../shared/contract/index.ts';
import { CALL_NAMES } from '../../shared/contract/names.ts';
import type { BookmarkId } from '../../shared/domain/ids.ts';
import { SerializedAppError } from '../../shared/errors/app-error.ts';
import { diskOperations } from '../storage/file-operations.ts';
import { createApp, type DipperApp } from './create-app.ts';
import { testSave } from './testing/drafts.ts';
import {
  createRealEngineLauncher,
  type RealEngineLauncher,
} from './testing/engine-launcher.ts';
import {
  createFakeDesktop,
  type FakeDesktop,
  noEngine,
} from './testing/fake-platform.ts';

const SECRET = 'fuzz-secret-4711-never-to-be-seen';

const Answer = z.union([
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: SerializedAppError }),
]);

let launcher: RealEngineLauncher;
let desktop: FakeDesktop;
let app: DipperApp;
let id: BookmarkId;

beforeAll(async () => {
  desktop = await createFakeDesktop(noEngine());
  launcher = createRealEngineLauncher(desktop.folder);
  app = await createApp(
    { ...desktop.platform, engine: launcher },
    { logger: desktop.logger, files: diskOperations(), parseResponses: true },
  );
  const secret = { secretAccessKey: SECRET, sessionToken: SECRET };
  const saved = await app.dispatch('bookmarks.save', testSave({ secret }));
  id = (saved as unknown as { value: { id: BookmarkId } }).value.id;
});
afterAll(async () => {
  await app.stop();
  await launcher.dispose();
  await desktop.dispose();
});

/** An envelope within a minute, in which there is no secret. */
async function answerTo(name: unknown, payload: unknown): Promise<void> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer')), 60_000);
  const answer = await Promise.race([app.dispatch(name, payload), tooLate]);
  clearTimeout(timer);
  expect(Answer.safeParse(answer).success).toBe(true);
  expect(JSON.stringify(answer)).not.toContain(SECRET);
}

/** Whatever structured clone may bring. */
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withObjectString: true,
  withNullPrototype: true,
  key: fc.oneof(
    fc.string(),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'id', 'ids', 'paths', 'url'),
  ),
});

test('any name with any payload gets an envelope', async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), anything), anything, answerTo), {
    numRuns: 500,
  });
});

test('every call with any payload gets an envelope', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...CALL_NAMES), anything, answerTo), {
    numRuns: 1_000,
  });
});

test('every call with nearly right payloads gets an envelope without the secret', async () => {
  const text = fc.oneof(fc.string(), fc.constantFrom(id, '', '\0', '../..', 'https://x'));
  const field = fc.oneof(
    text,
    fc.boolean(),
    fc.integer(),
    fc.constant(null),
    fc.array(text, { maxLength: 4 }),
    fc.array(fc.record({ key: text, folder: fc.boolean() }), { maxLength: 3 }),
  );
  const call = fc.constantFrom(...CALL_NAMES).chain((name) => {
    const { request } = appContract.calls[name];
    const keys = request instanceof z.ZodObject ? Object.keys(request.shape) : [];
    const entries = keys.map((key) => [key, key === 'id' ? fc.constant(id) : field]);
    return fc.tuple(fc.constant(name), fc.record(Object.fromEntries(entries)));
  });
  await fc.assert(
    fc.asyncProperty(call, ([name, payload]) => answerTo(name, payload)),
    { numRuns: 1_000 },
  );
});

test.each([
  ['app.copyText', { text: 'x'.repeat(10_000_001) }],
  ['app.setTitle', { title: 'x'.repeat(501) }],
  [
    'app.setCommandStates',
    Array.from({ length: 201 }, () => ({ id: 'a', enabled: true, checked: true })),
  ],
  ['bookmarks.remove', { ids: Array(1_001).fill('x') }],
  ['transfers.pause', { ids: Array(10_001).fill(1) }],
  ['app.revealPath', { path: `/${'x'.repeat(32_768)}` }],
])('%s refuses what is too large', async (name, payload) => {
  expect(await app.dispatch(name, payload)).toMatchObject({
    ok: false,
    error: { code: 'ipc.invalid-request' },
  });
});
