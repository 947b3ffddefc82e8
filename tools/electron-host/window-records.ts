import { EventEmitter } from 'node:events';
import type { HostRecord } from './context.ts';

/** The part of `BrowserWindow` that Chromium's windows lack: calls are only recorded. */
export class RecordedWindow extends EventEmitter {
  readonly #records: HostRecord[];

  constructor(records: HostRecord[]) {
    super();
    this.#records = records;
  }

  setProgressBar(progress: number): void {
    this.#record('setProgressBar', progress);
  }

  setDocumentEdited(edited: boolean): void {
    this.#record('setDocumentEdited', edited);
  }

  setRepresentedFilename(filename: string): void {
    this.#record('setRepresentedFilename', filename);
  }

  flashFrame(flag: boolean): void {
    this.#record('flashFrame', flag);
  }

  setMenuBarVisibility(visible: boolean): void {
    this.#record('setMenuBarVisibility', visible);
  }

  setAutoHideMenuBar(hide: boolean): void {
    this.#record('setAutoHideMenuBar', hide);
  }

  setBackgroundColor(color: string): void {
    this.#record('setBackgroundColor', color);
  }

  setTitleBarOverlay(options: Electron.TitleBarOverlayOptions): void {
    this.#record('setTitleBarOverlay', options);
  }

  setMinimumSize(width: number, height: number): void {
    this.#record('setMinimumSize', width, height);
  }

  #record(method: string, ...args: readonly unknown[]): void {
    this.#records.push({ method: `BrowserWindow.${method}`, args });
  }
}
