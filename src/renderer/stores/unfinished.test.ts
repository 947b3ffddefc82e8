import { expect, test } from 'vitest';
import { createUnfinished } from './unfinished.ts';

test('main hears what weighs most, and when nothing is left', () => {
  const told: unknown[] = [];
  const unfinished = createUnfinished((what) => told.push(what));
  const verified = unfinished.hold('verify');
  const dragged = unfinished.hold('drag');
  const typed = unfinished.hold('edit');
  const dropped = unfinished.hold('start');
  const again = unfinished.hold('start');
  dropped();
  // Done with twice is done with.
  dropped();
  again();
  typed();
  dragged();
  verified();
  expect(told).toEqual([
    null,
    'verify',
    'drag',
    'edit',
    'start',
    'edit',
    'drag',
    'verify',
    null,
  ]);
});
