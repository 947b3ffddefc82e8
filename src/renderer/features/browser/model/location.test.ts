import { expect, test } from 'vitest';
import type { ConnectionId } from '../../../../shared/domain/ids.ts';
import { crumbs, parentLocation } from './location.ts';

const connectionId = 'c' as ConnectionId;

test('up leads from a folder to its bucket, to the buckets, to nothing', () => {
  const up = parentLocation({ connectionId, bucket: 'b', prefix: 'x/' });
  const upper = up && parentLocation(up);
  expect([up, upper, upper && parentLocation(upper)]).toEqual([
    { connectionId, bucket: 'b', prefix: '' },
    { connectionId, bucket: null, prefix: '' },
    null,
  ]);
});

test('crumbs name every level, empty ones too', () => {
  const steps = crumbs({ connectionId, bucket: 'b', prefix: 'x//y/' }, 'Work');
  expect(steps.map((step) => [step.name, step.location.prefix])).toEqual([
    ['Work', ''],
    ['b', ''],
    ['x', 'x/'],
    ['', 'x//'],
    ['y', 'x//y/'],
  ]);
});
