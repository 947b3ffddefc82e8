import { describe, expect, it } from 'vitest';
import { startS3Server } from './server.ts';
import { send, sendRaw } from './testing/raw-request.ts';

const TOKEN = 'a-token';

describe('the control endpoint', () => {
  it('adds and clears faults, sets the clock and tells of requests', async () => {
    await using server = await startS3Server({ controlToken: TOKEN });
    const control = async (method: string, path: string, body?: unknown) => {
      const answer = await send(server.endpoint, method, `/_dipper/${path}`, {
        headers: { authorization: `Bearer ${TOKEN}` },
        ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
      });
      return [answer.status, JSON.parse(answer.text)] as const;
    };
    const list = () => {
      const { endpoint } = server;
      const credentials = server.users.full;
      return sendRaw({ endpoint, method: 'GET', path: '/bucket/key', credentials });
    };
    const spec = {
      match: { keyPattern: { regexp: '^KEY$', flags: 'i' }, operation: 'GetObject' },
      times: 1,
      action: { kind: 'slowDown' },
    };
    expect(await control('POST', 'faults', spec)).toEqual([200, { id: 1 }]);
    expect((await list()).code).toBe('SlowDown');
    expect((await control('GET', 'faults'))[1]).toMatchObject({ hits: [{ key: 'key' }] });
    expect((await control('GET', 'requests'))[1]).toMatchObject({
      requests: [{ operation: 'GetObject', status: 503 }],
    });
    expect(await control('POST', 'clock', { skewMs: 3_600_000 })).toEqual([200, {}]);
    expect((await list()).code).toBe('RequestTimeTooSkewed');
    expect(await control('DELETE', 'faults')).toEqual([200, {}]);
    expect(server.faults.hits).toEqual([]);
    for (const bad of [
      { action: { kind: 'explode' } },
      { ...spec, times: 0 },
      { ...spec, more: 1 },
      { match: { keyPattern: { regexp: '(' } }, action: { kind: 'error500' } },
      'text',
    ]) {
      expect((await control('POST', 'faults', bad))[0]).toBe(400);
    }
    expect((await control('GET', 'nothing'))[0]).toBe(404);
  });

  it('is shut without the token, and absent without one set', async () => {
    await using server = await startS3Server({ controlToken: TOKEN });
    await using plain = await startS3Server();
    const wrong = { authorization: 'Bearer wrong' };
    const answers = [
      await send(server.endpoint, 'GET', '/_dipper/faults'),
      await send(server.endpoint, 'GET', '/_dipper/faults', { headers: wrong }),
      await send(plain.endpoint, 'GET', '/_dipper/faults'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 404]);
    expect(answers[2]?.code).toBe('NoSuchBucket');
  });
});
