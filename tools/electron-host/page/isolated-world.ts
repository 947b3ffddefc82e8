/* oxlint-disable unicorn/consistent-function-scoping -- the source text of the functions
   is injected in the page, so all they use must be inside them */
import type { BridgeEnd } from './bridge.ts';
import type { Base64, Codec } from './codec.ts';
import type { MenuBar, MenuItemView } from './menu-bar.ts';
import type { World } from './world.ts';

/** What the preload's half is told. */
export interface IsolatedConfig {
  readonly secret: string;
  /** Name of the function that reaches the host. */
  readonly binding: string;
  /** The preload's `process`. */
  readonly process: object;
  readonly preloadPath: string;
}

/** Messages to the page, in batches. */
export type ToPage =
  | readonly ['reply', id: number, ok: boolean, wire: string]
  | readonly ['event', channel: string, wire: string];

/** Messages from the page: kind, call id, channel, and the kind's own text or record. */
export type FromPage = readonly [
  kind: 'invoke' | 'send' | 'key' | 'menu' | 'menu-closed' | 'preload-error',
  id: number,
  channel: string,
  wire: string,
];

/** What the host can call, and what the preload gets. */
export interface IsolatedHost {
  readonly require: (name: string) => unknown;
  readonly process: object;
  readonly receive: (batch: readonly ToPage[]) => void;
  readonly setMenuBar: (items: readonly MenuItemView[] | undefined) => void;
  readonly popup: (
    items: readonly MenuItemView[],
    x: number | undefined,
    y: number | undefined,
  ) => void;
}

/** A question that stops the world until the host has answered. */
export interface SyncSlot {
  readonly kind: 'path' | 'sendSync';
  readonly files?: readonly File[];
  readonly channel?: string;
  readonly wire?: string;
  result?: unknown;
  error?: string;
}

/** Runs in the isolated world: what Electron gives a sandboxed preload. Source is injected. */
export function isolatedWorld(
  config: IsolatedConfig,
  bridgeEnd: (node: EventTarget, side: 'iso' | 'main', world: World) => BridgeEnd,
  captureWorld: () => World,
  makeCodec: (base64: Base64) => Codec,
  menuBar: (run: (commandId: number) => void, closed: () => void) => MenuBar,
): IsolatedHost | undefined {
  if (window.top !== window) return undefined;
  type Listener = (...args: readonly unknown[]) => void;
  type Bytes = Uint8Array & { toBase64(): string };
  type BytesType = { fromBase64(text: string): Uint8Array<ArrayBuffer> };
  const world = captureWorld();
  const bind = (globalThis as unknown as Record<string, (text: string) => void>)[
    config.binding
  ];
  const codec = makeCodec({
    encode: (bytes) => (bytes as Bytes).toBase64(),
    decode: (text) => (Uint8Array as unknown as BytesType).fromBase64(text),
  });
  let node: EventTarget | null = null;
  window.addEventListener(
    `${config.secret}node`,
    (event) => {
      node = (event as MouseEvent).relatedTarget;
    },
    { once: true },
  );
  window.dispatchEvent(new Event(`${config.secret}hello`));
  if (node === null || bind === undefined) {
    throw new Error('electron-host: the page did not answer');
  }
  const end = bridgeEnd(node, 'iso', world);

  class Emitter {
    #lists = new Map<
      string,
      readonly { readonly run: Listener; readonly given: Listener }[]
    >();
    #add(name: string, run: Listener, given: Listener): this {
      this.#lists.set(name, [...(this.#lists.get(name) ?? []), { run, given }]);
      return this;
    }
    on(name: string, listener: Listener): this {
      return this.#add(name, listener, listener);
    }
    addListener(name: string, listener: Listener): this {
      return this.on(name, listener);
    }
    once(name: string, listener: Listener): this {
      const run: Listener = (...args) => {
        this.off(name, listener);
        listener(...args);
      };
      return this.#add(name, run, listener);
    }
    off(name: string, listener: Listener): this {
      const list = this.#lists.get(name) ?? [];
      const at = list.findLastIndex((each) => each.given === listener);
      if (at !== -1) this.#lists.set(name, list.toSpliced(at, 1));
      return this;
    }
    removeListener(name: string, listener: Listener): this {
      return this.off(name, listener);
    }
    removeAllListeners(name?: string): this {
      if (name === undefined) this.#lists.clear();
      else this.#lists.delete(name);
      return this;
    }
    listenerCount(name: string): number {
      return this.#lists.get(name)?.length ?? 0;
    }
    emit(name: string, ...args: readonly unknown[]): boolean {
      const list = this.#lists.get(name) ?? [];
      for (const each of list) {
        try {
          each.run(...args);
        } catch (error) {
          reportError(error);
        }
      }
      return list.length > 0;
    }
  }

  // Messages of one turn leave together.
  let outbox: string[] = [];
  const flush = (): void => {
    const batch = outbox;
    outbox = [];
    if (batch.length > 0) bind(`[${batch.join(',')}]`);
  };
  const post = (...message: FromPage): void => {
    if (outbox.push(JSON.stringify(message)) === 1) queueMicrotask(flush);
  };

  // Stops in the debugger: the host reads `slot`, writes the answer, and resumes.
  const hostPause = function __hostPause(slot: SyncSlot): SyncSlot {
    // oxlint-disable-next-line no-debugger -- the stop is the point
    debugger;
    return slot;
  };
  const ask = (slot: SyncSlot): unknown => {
    flush();
    hostPause(slot);
    if (slot.error !== undefined) throw new Error(slot.error);
    return slot.result;
  };

  let nextId = 1;
  const calls = new Map<number, { done: Listener; failed: Listener }>();
  const ipcRenderer = Object.assign(new Emitter(), {
    invoke(channel: string, ...args: readonly unknown[]): Promise<unknown> {
      const wire = codec.encode(args);
      return new Promise((done, failed) => {
        const id = nextId;
        nextId += 1;
        calls.set(id, { done, failed });
        post('invoke', id, channel, wire);
      });
    },
    send(channel: string, ...args: readonly unknown[]): void {
      post('send', 0, channel, codec.encode(args));
    },
    sendSync(channel: string, ...args: readonly unknown[]): unknown {
      const wire = codec.encode(args);
      return codec.decode(String(ask({ kind: 'sendSync', channel: channel, wire })));
    },
  });
  const receive = (batch: readonly ToPage[]): void => {
    for (const message of batch) {
      if (message[0] === 'event') {
        const event = { sender: ipcRenderer, senderId: 0, ports: [] };
        ipcRenderer.emit(message[1], event, ...(codec.decode(message[2]) as unknown[]));
        continue;
      }
      const call = calls.get(message[1]);
      calls.delete(message[1]);
      if (message[2]) call?.done(codec.decode(message[3]));
      else call?.failed(new Error(message[3]));
    }
  };

  // Paths: a pause costs milliseconds, so the first question about the files of a drop or
  // an input asks for all of them. Files reach this world as copies, hence the key; files
  // that share a key are asked for one by one.
  let recent: readonly File[] = [];
  let paths = new Map<string, string | undefined>();
  const keyOf = (file: File): string =>
    [file.name, file.size, file.lastModified, file.webkitRelativePath].join('\0');
  const remember = (files: FileList | null | undefined): void => {
    recent = [...(files ?? [])];
    paths = new Map();
  };
  window.addEventListener('drop', (event) => remember(event.dataTransfer?.files), true);
  for (const type of ['input', 'change']) {
    window.addEventListener(
      type,
      (event) => {
        const [target] = event.composedPath();
        if (target instanceof HTMLInputElement && target.type === 'file')
          remember(target.files);
      },
      true,
    );
  }
  const pathsOf = (files: readonly File[]): readonly string[] =>
    ask({ kind: 'path', files }) as readonly string[];
  const webUtils = {
    getPathForFile(file: unknown): string {
      if (!(file instanceof File)) {
        throw new TypeError(
          "Failed to execute 'getPathForFile' on 'webUtils': parameter 1 is not of type 'File'.",
        );
      }
      if (recent.length > 1) {
        const files = recent;
        recent = [];
        const found = pathsOf(files);
        for (const [i, each] of files.entries()) {
          const key = keyOf(each);
          paths.set(key, paths.has(key) ? undefined : found[i]);
        }
      }
      return (
        (paths.size > 0 ? paths.get(keyOf(file)) : undefined) ?? pathsOf([file])[0] ?? ''
      );
    },
  };
  const contextBridge = {
    exposeInMainWorld(key: string, api: unknown): void {
      const answer = end.ask('expose', [key, end.encode(api)]);
      if (answer === undefined) throw new Error('An object could not be cloned.');
      if (!answer[0]) throw new Error(String(answer[1][1]));
    },
  };

  // Menu shortcuts once the page had its chance: preventDefault wins, stopPropagation does
  // not matter, as on Electron. Chromium's own shortcuts (a new browser window on Ctrl+N)
  // are kept off; editing keys and the developer tools stay.
  const isBrowserKey = (event: KeyboardEvent): boolean => {
    const { key, altKey, shiftKey } = event;
    if (event.ctrlKey || event.metaKey) {
      const isTools = shiftKey && /^[ij]$/i.test(key);
      return key.length === 1 && !altKey && !isTools && !/^[acvxyz]$/i.test(key);
    }
    return altKey ? /^Arrow(?:Left|Right)$/.test(key) : /^F\d+$/.test(key);
  };
  let waiting: KeyboardEvent | undefined;
  const offerKey = (event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, altKey, shiftKey, code } = event;
    waiting = undefined;
    if (event.defaultPrevented) return;
    if (isBrowserKey(event)) event.preventDefault();
    post('key', 0, '', JSON.stringify({ key, code, ctrlKey, metaKey, altKey, shiftKey }));
  };
  window.addEventListener(
    'keydown',
    (event) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (plain && !/^(?:F\d+|Delete|Backspace|Enter)$/.test(event.key)) return;
      waiting = event;
      // Added now, it runs after the listeners that the page has on the window.
      window.addEventListener('keydown', offerKey, { once: true });
      setTimeout(() => {
        window.removeEventListener('keydown', offerKey);
        // Not offered yet when the page stopped the event on its way.
        if (waiting === event) offerKey(event);
      }, 0);
    },
    true,
  );
  let bar: MenuBar | undefined;
  const menus = (): MenuBar => {
    bar ??= menuBar(
      (commandId) => post('menu', commandId, '', ''),
      () => post('menu-closed', 0, '', ''),
    );
    return bar;
  };

  const missing = (name: string): unknown =>
    new Proxy(
      {},
      {
        get(_, key) {
          if (typeof key === 'symbol') return undefined;
          throw new Error(
            `electron-host: ${name}.${key} is not available in the development host (it is on real Electron)`,
          );
        },
      },
    );
  const electron: Record<string, unknown> = { ipcRenderer, contextBridge, webUtils };
  for (const name of ['webFrame', 'crashReporter', 'nativeImage', 'sharedTexture']) {
    Object.defineProperty(electron, name, { enumerable: true, get: () => missing(name) });
  }
  const modules: Record<string, unknown> = {
    electron,
    'electron/renderer': electron,
    events: Object.assign(Emitter, { EventEmitter: Emitter }),
    timers: { setTimeout, clearTimeout, setInterval, clearInterval },
    url: { URL, URLSearchParams },
  };
  const require = (name: string): unknown => {
    if (Object.hasOwn(modules, name)) return modules[name];
    // The same text as Electron's sandboxed preload.
    throw new Error(`module not found: ${name}`);
  };
  return {
    require,
    process: Object.assign(new Emitter(), config.process),
    receive,
    setMenuBar: (items) => {
      if (items !== undefined || bar !== undefined) menus().setBar(items);
    },
    popup: (items, x, y) => menus().popup(items, x, y),
  };
}
