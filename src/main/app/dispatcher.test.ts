import { expect, test } from 'vitest';
import { z } from 'zod';
import { call } from '../../shared/contract/define.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Logger } from '../logging/logger.ts';
import { createDispatcher } from './dispatcher.ts';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly details: unknown;
}

function recordingLogger(lines: Line[]): Logger {
  function write(level: string) {
    return (message: string, details: unknown = {}) => {
      lines.push({ level, message, details });
    };
  }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    flush: () => Promise.resolve(),
  };
}

const contract = {
  calls: {
    'math.half': call(z.strictObject({ n: z.number() }), z.number()),
    'math.refuse': call(z.void(), z.void()),
    'math.crash': call(z.void(), z.void()),
    'math.lie': call(z.void(), z.number()),
  },
};

function setUp(parseResponses = false) {
  const lines: Line[] = [];
  const dispatch = createDispatcher(
    contract,
    {
      'math.half': ({ n }) => n / 2,
      'math.refuse': () => {
        throw new AppError('access.denied', {
          params: { bucket: 'b' },
          cause: new Error('inner'),
        });
      },
      'math.crash': () => {
        throw new Error('/home/someone/secret path');
      },
      'math.lie': () => 'not a number' as unknown as number,
    },
    { logger: recordingLogger(lines), parseResponses },
  );
  return { dispatch, lines };
}

test('a known call with a valid request is answered', async () => {
  const { dispatch } = setUp();
  expect(await dispatch('math.half', { n: 8 })).toEqual({ ok: true, value: 4 });
});

for (const name of [
  'math.double',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  42,
  null,
  undefined,
  { toString: () => 'math.half' },
  ['math.half'],
]) {
  test(`the name ${JSON.stringify(name)} is refused`, async () => {
    const { dispatch } = setUp();
    expect(await dispatch(name, { n: 8 })).toEqual({
      ok: false,
      error: { code: 'ipc.invalid-request', params: {} },
    });
  });
}

for (const [payload, field] of [
  [{ n: '8' }, 'n'],
  [{}, 'n'],
  [{ n: 8, more: 1 }, ''],
  [undefined, ''],
  ['x', ''],
  [JSON.parse('{"n":8,"__proto__":{"a":1}}'), ''],
] as const) {
  test(`the payload ${JSON.stringify(payload)} is refused without being repeated`, async () => {
    const { dispatch, lines } = setUp();
    expect(await dispatch('math.half', payload)).toEqual({
      ok: false,
      error: { code: 'ipc.invalid-request', params: { name: 'math.half', field } },
    });
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'invalid request',
        details: { name: 'math.half', field },
      },
    ]);
  });
}

test('an expected failure crosses with its code and parameters, not its cause', async () => {
  const { dispatch } = setUp();
  expect(await dispatch('math.refuse', undefined)).toEqual({
    ok: false,
    error: { code: 'access.denied', params: { bucket: 'b' } },
  });
});

test('an unexpected failure crosses as internal, its stack goes to the log', async () => {
  const { dispatch, lines } = setUp();
  const envelope = await dispatch('math.crash', undefined);
  expect(envelope).toEqual({ ok: false, error: { code: 'internal', params: {} } });
  expect(JSON.stringify(envelope)).not.toContain('someone');
  expect(lines).toMatchObject([{ level: 'error', message: 'call failed' }]);
});

test('answers are held against the contract where that is asked for', async () => {
  expect(await setUp(true).dispatch('math.lie', undefined)).toMatchObject({ ok: false });
  expect(await setUp(false).dispatch('math.lie', undefined)).toMatchObject({ ok: true });
});

test('a call without a handler is found when the app is made', () => {
  const handlers = {} as Parameters<typeof createDispatcher<typeof contract.calls>>[1];
  expect(() =>
    createDispatcher(contract, handlers, {
      logger: recordingLogger([]),
      parseResponses: false,
    }),
  ).toThrow('math.half has no handler');
});
