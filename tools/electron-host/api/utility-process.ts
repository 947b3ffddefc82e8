import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { HostContext } from '../context.ts';
import { hostEvent } from '../event.ts';
import { complete, HostError } from '../missing.ts';

type Stdio = 'pipe' | 'ignore' | 'inherit';

function stdioOf(option: Electron.ForkOptions['stdio']): readonly [Stdio, Stdio] {
  if (Array.isArray(option)) return [option[1] ?? 'inherit', option[2] ?? 'inherit'];
  const one = (option ?? 'inherit') as Stdio;
  return [one, one];
}

/** Why a child ended, in Electron's words, or undefined when it ended well. */
export function goneReason(
  code: number | null,
  signal: NodeJS.Signals | null,
): 'killed' | 'crashed' | 'abnormal-exit' | undefined {
  if (signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT')
    return 'killed';
  if (signal !== null) return 'crashed';
  return code === 0 ? undefined : 'abnormal-exit';
}

/** Electron's `utilityProcess.fork`: a forked Node process with a `parentPort`. */
export class HostUtilityProcess extends EventEmitter {
  pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  readonly #child: ChildProcess;

  constructor(
    context: HostContext,
    modulePath: string,
    args: readonly string[],
    options: Electron.ForkOptions,
  ) {
    super();
    const [out, err] = stdioOf(options.stdio);
    const shim = fileURLToPath(new URL('../utility-child.ts', import.meta.url));
    const child = fork(shim, [modulePath, ...args], {
      // Buffers and typed arrays, Map, Set and Date pass as they are.
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning', ...(options.execArgv ?? [])],
      env: {
        ...(options.env ?? process.env),
        HOST_ELECTRON_VERSION: context.options.electronVersion,
      },
      stdio: ['ignore', out, err, 'ipc'],
      // Ctrl+C in a terminal is for the host alone, which lets the app stop its children.
      detached: process.platform !== 'win32',
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    this.#child = child;
    this.pid = child.pid;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    const serviceName = options.serviceName ?? 'Node Utility Process';
    child.on('spawn', () => this.emit('spawn'));
    child.on('message', (message) => this.emit('message', message));
    // A child that cannot start, or a message to one that is gone: 'exit' tells the app.
    child.on('error', (error) => context.log('utility process:', error));
    child.on('exit', (code, signal) => {
      this.pid = undefined;
      const exitCode = code ?? 1;
      this.emit('exit', exitCode);
      const reason = goneReason(code, signal);
      if (reason === undefined || context.quitting) return;
      context.app.emit('child-process-gone', hostEvent(), {
        type: 'Utility',
        reason,
        exitCode,
        serviceName,
        name: serviceName,
      });
    });
    const end = (): boolean => child.kill('SIGKILL');
    process.on('exit', end);
    child.on('exit', () => process.off('exit', end));
  }

  postMessage(message: unknown, transfer?: readonly unknown[]): void {
    if (transfer !== undefined && transfer.length > 0) {
      throw new HostError('utilityProcess.postMessage with ports');
    }
    if (!this.#child.connected) return;
    this.#child.send(message as object);
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }
}

/** Electron's `utilityProcess`. */
export function createUtilityProcess(context: HostContext) {
  return {
    fork(
      modulePath: string,
      args: string[] = [],
      options: Electron.ForkOptions = {},
    ): Electron.UtilityProcess {
      if (!context.ready) {
        throw new Error('utilityProcess cannot be created before app is ready.');
      }
      const child = new HostUtilityProcess(context, modulePath, args, options);
      return complete<Electron.UtilityProcess>('utilityProcess', child);
    },
  };
}
