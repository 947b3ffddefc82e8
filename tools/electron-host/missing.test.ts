import { describe, expect, it } from 'vitest';
import { complete, missing } from './missing.ts';

interface Whole {
  here(): number;
  gone(): number;
}

describe('complete', () => {
  it('keeps what is there and names what is not', () => {
    const whole = complete<Whole>('thing', { here: () => 1 });
    expect(whole.here()).toBe(1);
    expect(() => whole.gone()).toThrow(
      'electron-host: thing.gone() is not available in the development host (it is on real Electron)',
    );
  });

  it('lets members be replaced and objects be printed and awaited', async () => {
    const whole = complete<Whole>('thing', { here: () => 1 });
    whole.gone = () => 2;
    const awaited = await Promise.resolve(whole);
    expect([whole.gone(), JSON.stringify(whole), awaited]).toEqual([2, '{}', whole]);
  });
});

describe('missing', () => {
  it('throws when used, not when passed around', () => {
    const Tray = missing('Tray') as unknown as new () => object;
    expect(() => new Tray()).toThrow('electron-host: new Tray() is not available');
  });
});
