import { expect, test } from 'vitest';
import { appContract } from './index.ts';
import { CALL_NAMES, TOPIC_NAMES } from './names.ts';

test('the preload knows exactly the names of the contract', () => {
  expect([...CALL_NAMES].sort()).toEqual(Object.keys(appContract.calls).sort());
  expect([...TOPIC_NAMES].sort()).toEqual(Object.keys(appContract.topics).sort());
});
