import { expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import type { Exchange } from './proxy-faults.ts';

const LATER = 60_000;

function exchange(method: 'GET' | 'PUT', target: string, range?: string): Exchange {
  return {
    ordinal: 0,
    method,
    target,
    headers: range === undefined ? {} : { range },
    bodyLength: method === 'PUT' ? 100 : 0,
    sentBytes: 0,
    status: 0,
    receivedBytes: 0,
    answered: false,
    struck: null,
    closed: false,
  };
}

function part(number: number): Exchange {
  return exchange('PUT', `/b/k?partNumber=${number}&uploadId=u`);
}

function finish(one: Exchange): Exchange {
  return Object.assign(one, {
    sentBytes: 100,
    receivedBytes: 100,
    status: 200,
    answered: true,
  });
}

const none = (): boolean => false;

test('the ledger tells what a kill cost from what faults cost', () => {
  let now = 0;
  const ledger = new Ledger(() => now);
  const [whole, cut, open] = [part(1), part(2), part(3)];
  for (const each of [whole, cut, open]) ledger.begin(each);
  ledger.end(finish(whole));
  Object.assign(cut, { sentBytes: 30, struck: 'resetInRequestBody' });
  ledger.end(cut);
  open.sentBytes = 60;
  now += LATER;
  ledger.killed();
  ledger.end(open);
  ledger.begin(part(2));
  expect([ledger.resentBytes, ledger.costs(none).maxResentPerKillBytes]).toEqual([30, 0]);
  ledger.begin(part(3));
  expect(ledger.resentBytes).toBe(90);
  expect(ledger.costs(none)).toEqual({
    maxResentPerKillBytes: 60,
    needless: [],
    beyond: [],
  });
  ledger.begin(part(1));
  const costs = ledger.costs(none);
  expect(costs.maxResentPerKillBytes).toBe(160);
  expect(costs.needless).toHaveLength(1);
  expect(costs.beyond).toEqual(['kill 1: 160 bytes went again, 100 in flight']);
  expect(ledger.costs(() => true).beyond).toEqual([]);
});

test('what was answered a moment before the kill was in flight', () => {
  const ledger = new Ledger(() => 0);
  const one = part(1);
  ledger.begin(one);
  ledger.end(finish(one));
  ledger.killed();
  ledger.begin(part(1));
  const { maxResentPerKillBytes, needless, beyond } = ledger.costs(none);
  expect({ maxResentPerKillBytes, needless, beyond }).toEqual({
    maxResentPerKillBytes: 100,
    needless: [],
    beyond: [],
  });
});

test('a range fetched again after a kill is needless, unless its file begins anew', () => {
  let now = 0;
  const ledger = new Ledger(() => now);
  function fetch(target: string, range?: string): Exchange {
    const one = exchange('GET', target, range);
    ledger.begin(one);
    return finish(one);
  }
  for (const key of ['/b/resumed', '/b/spoilt', '/b/again']) {
    ledger.end(fetch(key));
    ledger.end(fetch(key, 'bytes=0-99'));
  }
  now += LATER;
  ledger.killed();
  // Its ETag was wrong on the way: from the start is right.
  ledger.end(Object.assign(fetch('/b/spoilt', 'bytes=100-199'), { struck: 'wrongEtag' }));
  fetch('/b/spoilt');
  fetch('/b/spoilt', 'bytes=0-99');
  ledger.newReading('/b/again');
  fetch('/b/again', 'bytes=0-99');
  expect(ledger.costs(none).needless).toEqual([]);
  // Forgetting what was there is not.
  fetch('/b/resumed');
  fetch('/b/resumed', 'bytes=0-99');
  expect(ledger.costs(none).needless).toEqual(['GET /b/resumed bytes=0-99']);
});

test('what was fetched to be passed on may be fetched again after a kill, and only that', () => {
  let now = 0;
  const ledger = new Ledger(() => now);
  const places = ['/b/from/a', '/b/from/b'];
  function pass(): void {
    for (const place of places) {
      for (const one of [exchange('GET', place, 'bytes=0-99'), exchange('PUT', place)]) {
        ledger.begin(one);
        ledger.end(finish(one));
      }
    }
  }
  const letGo = ledger.heldInMemory('/b/from/');
  const letGoOther = ledger.heldInMemory('/b/elsewhere/');
  pass();
  ledger.begin(exchange('GET', '/b/from/a', 'bytes=100-199'));
  now += LATER;
  ledger.killed();
  letGoOther();
  pass();
  // The bytes went again, but only those that were sent are the kill's doing.
  expect(ledger.resentBytes).toBe(400);
  expect(ledger.costs(none)).toEqual({
    maxResentPerKillBytes: 200,
    needless: ['PUT /b/from/a', 'PUT /b/from/b'],
    beyond: ['kill 1: 200 bytes went again, 0 in flight'],
  });
  letGo();
  now += LATER;
  ledger.killed();
  pass();
  expect(ledger.costs(none).needless).toEqual([
    'PUT /b/from/a',
    'PUT /b/from/b',
    'GET /b/from/a bytes=0-99',
    'PUT /b/from/a',
    'GET /b/from/b bytes=0-99',
    'PUT /b/from/b',
  ]);
});
