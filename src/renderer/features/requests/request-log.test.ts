import { expect, test } from 'vitest';
import type { RequestEntry } from '../../../shared/domain/request-entry.ts';
import { filterEntries, isFailed, lineOf, outcomeOf } from './request-log.ts';

function entry(changes: Partial<RequestEntry> = {}): RequestEntry {
  return {
    seq: 1,
    at: 0,
    method: 'GET',
    operation: 'GetObject',
    bucket: 'photos',
    key: 'Summer/a.jpg',
    status: 200,
    ms: 12.4,
    requestId: 'R1',
    bytes: 99,
    error: '',
    ...changes,
  };
}

test('a request copies as one line, whatever became of it', () => {
  expect(lineOf(entry())).toBe(
    '1970-01-01T00:00:00.000Z\tGET\tGetObject\tphotos/Summer/a.jpg\t200\t12 ms\t99 bytes\tR1\t',
  );
  const lost = entry({ bucket: '', key: '', status: 0, error: 'ECONNREFUSED' });
  expect(lineOf(lost)).toContain('\t/\t-\t');
});

test('one finds requests by a piece of anything they say, and by their failing', () => {
  const entries = [
    entry(),
    entry({ key: 'b', status: 404, error: 'NoSuchKey' }),
    entry({ key: 'c', status: 0, error: 'ETIMEDOUT' }),
    entry({ key: 'd', requestId: 'tx-9' }),
  ];
  const keys = (text: string, errorsOnly = false): readonly string[] =>
    filterEntries(entries, { text, errorsOnly }).map(({ key }) => key);
  expect(keys('')).toEqual(['Summer/a.jpg', 'b', 'c', 'd']);
  expect(keys('summer')).toEqual(['Summer/a.jpg']);
  expect(keys('', true)).toEqual(['b', 'c']);
  expect(keys('nosuch', true)).toEqual(['b']);
  expect(keys('TX-9')).toEqual(['d']);
  expect(entries.map(isFailed)).toEqual([false, true, true, false]);
});

test('what one stopped is said in words, and is no failure', () => {
  const stopped = entry({ status: 0, error: 'transfer.cancelled' });
  expect([isFailed(stopped), outcomeOf(stopped)]).toEqual([false, 'Stopped']);
  expect(outcomeOf(entry({ status: 404, error: 'NoSuchKey' }))).toBe('404 NoSuchKey');
  expect(outcomeOf(entry({ status: 0, error: 'ETIMEDOUT' }))).toBe('ETIMEDOUT');
  expect(outcomeOf(entry({ status: 404, error: 'HTTP 404' }))).toBe('404');
});
