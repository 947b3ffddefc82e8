import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { HostContext } from '../context.ts';
import { hostEvent } from '../event.ts';

/** Electron's `Notification`: recorded, and shown by notify-send on a desktop. */
export class HostNotification extends EventEmitter {
  title: string;
  body: string;
  silent: boolean;
  readonly #context: HostContext;

  constructor(
    context: HostContext,
    options: Electron.NotificationConstructorOptions = {},
  ) {
    super();
    this.#context = context;
    this.title = options.title ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
  }

  show(): void {
    const { records, options } = this.#context;
    records.push({ method: 'Notification.show', args: [this.title, this.body] });
    if (!options.test && !options.headless) {
      const child = spawn('notify-send', ['--', this.title, this.body], {
        stdio: 'ignore',
      });
      // Not every desktop has it.
      child.on('error', () => {});
    }
    this.emit('show', hostEvent());
  }

  close(): void {
    this.emit('close', hostEvent({ reason: 'closed' }));
  }
}
