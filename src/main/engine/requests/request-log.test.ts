import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { ServiceFailure } from '../s3/service-failure.ts';
import { describeFailure } from './describe-failure.ts';
import { createRequestLog } from './request-log.ts';

const ENTRY = {
  at: 0,
  method: 'GET',
  operation: 'GetObject',
  bucket: 'b',
  key: 'k',
  status: 200,
  ms: 1,
  requestId: 'r',
  bytes: 1,
  error: '',
};

function seqs(log: ReturnType<typeof createRequestLog>, after: number, limit = 99) {
  return log.page({ after, limit }).entries.map(({ seq }) => seq);
}

test('the newest are kept, and a reader gets what is new to it', () => {
  const log = createRequestLog(4);
  expect(log.page({ after: 0, limit: 9 })).toEqual({ entries: [], newest: 0 });
  for (let n = 0; n < 6; n += 1) log.add(ENTRY);
  expect(seqs(log, 0)).toEqual([3, 4, 5, 6]);
  expect(seqs(log, 5)).toEqual([6]);
  expect(seqs(log, 6)).toEqual([]);
  expect(seqs(log, 0, 2)).toEqual([5, 6]);
});

test('a clear forgets; counting goes on', () => {
  const log = createRequestLog(4);
  log.add(ENTRY);
  log.clear();
  expect(seqs(log, 0)).toEqual([]);
  log.add(ENTRY);
  expect(seqs(log, 0)).toEqual([2]);
});

test('a reader of the engine before gets all there is', () => {
  const log = createRequestLog(4);
  log.add(ENTRY);
  expect(log.page({ after: 900, limit: 9 })).toMatchObject({ newest: 1 });
  expect(seqs(log, 900)).toEqual([1]);
});

test('a failure leaves its status, id and code, and none of its text', () => {
  const document =
    '<Error><Code>SignatureDoesNotMatch</Code><StringToSign>AWS4 secret</StringToSign></Error>';
  const headers = { 'x-amz-request-id': 'R1' };
  expect(describeFailure(new ServiceFailure(403, headers, document))).toEqual({
    status: 403,
    requestId: 'R1',
    error: 'SignatureDoesNotMatch',
  });
  expect(describeFailure(new ServiceFailure(502, {}, '<html>')).error).toBe('HTTP 502');
  const reset = Object.assign(new Error('about something'), { code: 'ECONNRESET' });
  expect(describeFailure(reset)).toEqual({
    status: 0,
    requestId: '',
    error: 'ECONNRESET',
  });
  expect(describeFailure(new AppError('network.timeout')).error).toBe('network.timeout');
  expect(describeFailure(null).error).toBe('failed');
});
