import { expect, test } from 'vitest';
import type { TestStage } from '../domain/connection-test.ts';
import { connectionTestText } from './connection-test.en.ts';

const stage: TestStage = {
  name: 'list',
  outcome: 'limited',
  ms: 12,
  detail: 'list.no-buckets',
  params: {},
  error: null,
};

test('a limit is explained without an alarm', () => {
  expect(connectionTestText(stage)).toEqual({
    title: 'Listing',
    text: expect.stringContaining('normal for limited keys'),
    action: '',
  });
});

test('a failure says why and what to do', () => {
  const failed = connectionTestText({
    ...stage,
    name: 'signature',
    outcome: 'failed',
    detail: '',
    error: { code: 'auth.signature', params: {} },
  });
  expect(failed.text).toMatch(/^Wrong secret key\. /);
  expect(failed.action).toContain('Enter the secret key again');
});

test('a detail nobody knows leaves an empty text, also one that objects inherit', () => {
  expect(connectionTestText({ ...stage, detail: 'constructor' }).text).toBe('');
});
