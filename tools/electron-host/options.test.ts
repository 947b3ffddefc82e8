import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';
import { appFolder } from './testing/launch.ts';

describe('parseOptions', () => {
  it("reads the driver's command line", () => {
    const args = [
      '--no-sandbox',
      '--inspect=0',
      '--remote-debugging-port=0',
      appFolder,
      '--x',
    ];
    const options = parseOptions(args, { HOST_HEADLESS: '1' }, '1.2.3');
    expect(options).toMatchObject({
      appPath: appFolder,
      mainFile: resolve(appFolder, 'main.ts'),
      manifest: { productName: 'Host Sample', version: '1.2.3' },
      inspectPort: 0,
      debuggingPort: 0,
      appArgs: [appFolder, '--x'],
      headless: true,
      menuBar: false,
    });
  });

  it('draws menus where a person looks, and where asked to', () => {
    const menuBars = [
      { HOST_HEADLESS: '1' },
      { HOST_HEADLESS: '1', HOST_MENU: '1' },
      { DISPLAY: ':0' },
      { DISPLAY: ':0', HOST_MENU: '0' },
      { DISPLAY: ':0', HOST_TEST: '1' },
    ].map((env) => parseOptions([appFolder], env, '1.2.3').menuBar);
    expect(menuBars).toEqual([false, true, true, false, false]);
  });

  it('names the path that is not there', () => {
    expect(() => parseOptions(['/no/such/app'], {}, '1.2.3')).toThrow(
      /no\/such\/app does not exist/,
    );
  });
});
