import { readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createHost, type Host } from './host.ts';
import { type HostOptions, parseOptions } from './options.ts';

const MODULE_URL = 'electron-host:electron';
const GLOBAL = 'electronHost';

/** Makes `electron` resolve to the host's module, for import and require. */
function provideModule(names: readonly string[]): void {
  const source = `const { electron } = globalThis.${GLOBAL};`;
  registerHooks({
    resolve(specifier, context, next) {
      if (!/^electron(?:\/(?:main|common))?$/.test(specifier))
        return next(specifier, context);
      const isImport = context.conditions.includes('import');
      return {
        url: `${MODULE_URL}${isImport ? '' : '-cjs'}`,
        format: isImport ? 'module' : 'commonjs',
        shortCircuit: true,
      };
    },
    load(url, context, next) {
      if (url === `${MODULE_URL}-cjs`) {
        const text = `${source} module.exports = electron;`;
        return { format: 'commonjs', source: text, shortCircuit: true };
      }
      if (url !== MODULE_URL) return next(url, context);
      const lines = names.map((name) => `export const ${name} = electron.${name};`);
      const text = [source, ...lines, 'export default electron;'].join('\n');
      return { format: 'module', source: text, shortCircuit: true };
    },
  });
}

/** Makes this process look like Electron's main process. */
function dressProcess(options: HostOptions): void {
  const kept = options.flags.filter(
    (flag) => !/^--(?:inspect|remote-debugging-port|no-sandbox)/.test(flag),
  );
  process.argv = [process.execPath, ...kept, ...options.appArgs];
  Object.defineProperty(process.versions, 'electron', {
    value: options.electronVersion,
    enumerable: true,
  });
  Object.defineProperty(process, 'type', { value: 'browser', enumerable: true });
  Object.defineProperty(process, 'resourcesPath', {
    value: join(options.appPath, 'resources'),
    enumerable: true,
  });
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
}

/** Playwright attaches to the inspector and then calls this function. */
function awaitDriver(): Promise<unknown> {
  const attached = Promise.withResolvers<void>();
  Object.assign(globalThis, { __playwright_run: attached.resolve });
  return attached.promise;
}

async function start(host: Host, options: HostOptions): Promise<void> {
  let driver: Promise<unknown> | undefined;
  if (options.inspectPort !== undefined) {
    const inspector = await import('node:inspector');
    // Prints "Debugger listening on ws://…", which the driver waits for.
    inspector.open(options.inspectPort, '127.0.0.1');
    if (options.debuggingPort !== undefined) driver = awaitDriver();
  }
  await import(pathToFileURL(options.mainFile).href);
  await host.boot(driver);
}

const require = createRequire(import.meta.url);
const { version } = JSON.parse(
  readFileSync(require.resolve('electron/package.json'), 'utf8'),
) as { version: string };
const options = parseOptions(process.argv.slice(2), process.env, version);
const host = createHost(options);
Object.defineProperty(globalThis, GLOBAL, {
  value: { electron: host.electron, records: host.context.records },
});
provideModule(Object.keys(host.electron));
dressProcess(options);
process.on('unhandledRejection', (reason) => {
  console.error('Unhandled rejection in the main process:', reason);
});
start(host, options).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
