import { expect, test } from 'vitest';
import { type Abortable, AbortWatch } from './abort-watch.ts';

function setting() {
  const watch = new AbortWatch();
  const heard: string[] = [];
  const watcher = (name: string, also?: () => void): Abortable => ({
    onAbort: () => {
      heard.push(name);
      also?.();
    },
  });
  return { watch, heard, watcher, stop: new AbortController() };
}

test('whoever watches hears of the abort once, however often it came and went', () => {
  const { watch, heard, watcher, stop } = setting();
  const one = watcher('one');
  for (let round = 0; round < 3; round += 1) {
    watch.add(stop.signal, one);
    watch.delete(stop.signal, one);
  }
  watch.add(stop.signal, watcher('two'));
  watch.add(stop.signal, one);
  watch.add(new AbortController().signal, watcher('of another signal'));
  stop.abort();
  expect(heard).toEqual(['two', 'one']);
});

test('who left hears nothing, also when the one before it sent it away', () => {
  const { watch, heard, watcher, stop } = setting();
  const gone = watcher('gone');
  const sentAway = watcher('sent away');
  watch.add(stop.signal, gone);
  watch.add(
    stop.signal,
    watcher('stays', () => watch.delete(stop.signal, sentAway)),
  );
  watch.add(stop.signal, sentAway);
  watch.delete(stop.signal, gone);
  stop.abort();
  expect(heard).toEqual(['stays']);
});
