import { readFileSync } from 'node:fs';
import type { Session } from './cdp.ts';
import type { HostContext } from './context.ts';
import { bridgeEnd } from './page/bridge.ts';
import { type Codec, makeCodec } from './page/codec.ts';
import { type FromPage, isolatedWorld, type ToPage } from './page/isolated-world.ts';
import { mainWorld } from './page/main-world.ts';
import { type MenuItemView, menuBar } from './page/menu-bar.ts';
import { captureWorld } from './page/world.ts';
import { ALIAS_SUFFIX } from './schemes.ts';

const WORLD = 'Electron Isolated Context';
const BINDING = '__electronHostPost';
const RECEIVER = '__electronHost';

/** What the link tells of its page. */
export interface PageLinkListener {
  readonly message: (message: FromPage) => void;
  /** Answers `ipcRenderer.sendSync`. */
  readonly sendSync: (channel: string, wire: string) => Promise<string>;
}

/** The codec of the host's side. */
export function nodeCodec(): Codec {
  return makeCodec({
    encode: (bytes) =>
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
    decode: (text) => new Uint8Array(Buffer.from(text, 'base64')),
  });
}

/** The source text of a function of page/, with its types stripped by Node. */
function code(part: (...args: never[]) => unknown): string {
  return part.toString();
}

/** The scripts that run in every document of a page before its own. */
function makeScripts(
  context: HostContext,
  preload: string | undefined,
  additionalArguments: readonly string[],
): { readonly main: string; readonly isolated: string; readonly usesSync: boolean } {
  const { secret, schemes } = context;
  const source = preload === undefined ? '' : readFileSync(preload, 'utf8');
  const mainConfig = { secret, schemes: schemes.names(), suffix: ALIAS_SUFFIX };
  const config = {
    secret,
    binding: BINDING,
    preloadPath: preload ?? '',
    process: {
      type: 'renderer',
      sandboxed: true,
      contextIsolated: true,
      platform: process.platform,
      arch: process.arch,
      pid: process.pid,
      env: { ...process.env },
      argv: [process.execPath, ...additionalArguments],
      versions: { ...process.versions },
      version: process.version,
      execPath: process.execPath,
    },
  };
  const failure = JSON.stringify(`Unable to load preload script: ${preload ?? ''}\n`);
  return {
    main: `(${code(mainWorld)})(${JSON.stringify(mainConfig)}, ${code(bridgeEnd)}, ${code(captureWorld)});`,
    isolated: `(() => {
const host = (${code(isolatedWorld)})(${JSON.stringify(config)}, ${code(bridgeEnd)}, ${code(captureWorld)}, ${code(makeCodec)}, ${code(menuBar)});
if (!host) return;
globalThis.${RECEIVER} = host;
const { require, process } = host;
const global = globalThis, exports = {}, module = { exports };
try {
(function (require, process, global, exports, module) {
${source}
})(require, process, global, exports, module);
} catch (error) {
  const text = String(error && error.stack || error);
  console.error(${failure} + text);
  ${BINDING}(JSON.stringify([['preload-error', 0, '', text]]));
}
})();
//# sourceURL=electron-host-preload/${secret}`,
    usesSync: /getPathForFile|sendSync/.test(source),
  };
}

/** The connection between one page's preload and the host. */
export class PageLink {
  readonly session: Session;
  readonly #listener: PageLinkListener;
  readonly #scriptIds = new Set<string>();
  #world: number | undefined;
  #frame: string | undefined;
  #outbox: ToPage[] = [];
  #waiting: ToPage[] = [];
  #bar: readonly MenuItemView[] | undefined;

  constructor(session: Session, listener: PageLinkListener) {
    this.session = session;
    this.#listener = listener;
  }

  /** The main frame's id. */
  get frame(): string | undefined {
    return this.#frame;
  }

  /** A number that changes with each document, undefined while none is loaded. */
  get world(): number | undefined {
    return this.#world;
  }

  /** Injects the scripts and lets the page run. */
  async attach(
    context: HostContext,
    preload: string | undefined,
    additionalArguments: readonly string[],
  ): Promise<void> {
    const { session } = this;
    const scripts = makeScripts(context, preload, additionalArguments);
    this.#listen();
    const [tree] = await Promise.all([
      session.send('Page.getFrameTree'),
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('DOM.enable'),
      session.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD }),
      session.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.main }),
      session.send('Page.addScriptToEvaluateOnNewDocument', {
        source: scripts.isolated,
        worldName: WORLD,
      }),
      ...(scripts.usesSync
        ? [session.send('Debugger.enable', { maxScriptsCacheSize: 0 })]
        : []),
      session.send('Runtime.runIfWaitingForDebugger'),
    ]);
    this.#frame = tree.frameTree.frame.id;
  }

  /** Sends a message; those of one turn leave together. */
  post(message: ToPage): void {
    if (this.#outbox.push(message) === 1) process.nextTick(() => this.#flush());
  }

  /** Shows, changes or removes the drawn menu bar, also in later documents. */
  setMenuBar(items: readonly MenuItemView[] | undefined): void {
    this.#bar = items;
    this.#call('setMenuBar', [items ?? null]);
  }

  /** Opens a drawn context menu. */
  popup(
    items: readonly MenuItemView[],
    x: number | undefined,
    y: number | undefined,
  ): void {
    this.#call('popup', [items, x ?? null, y ?? null]);
  }

  #call(method: 'receive' | 'setMenuBar' | 'popup', args: readonly unknown[]): void {
    if (this.#world === undefined) return;
    this.session.post('Runtime.callFunctionOn', {
      functionDeclaration: `function (...args) { ${RECEIVER}.${method}(...args.map((each) => each ?? undefined)); }`,
      executionContextId: this.#world,
      arguments: args.map((value) => ({ value })),
      silent: true,
    });
  }

  #flush(): void {
    const batch = this.#outbox;
    this.#outbox = [];
    if (this.#world === undefined) {
      this.#waiting.push(...batch.filter((message) => message[0] === 'event'));
    } else if (batch.length > 0) {
      this.#call('receive', [batch]);
    }
  }

  #listen(): void {
    const { session } = this;
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const auxiliary = context.auxData as { readonly frameId?: string } | undefined;
      if (context.name !== WORLD || auxiliary?.frameId !== this.#frame) return;
      // The window's first, empty document has no preload to talk to.
      if (!context.origin.startsWith('http') && !context.origin.startsWith('file'))
        return;
      this.#world = context.id;
      this.#outbox.unshift(...this.#waiting.splice(0));
      this.#flush();
    });
    session.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) this.#frame = frame.id;
    });
    session.on('Runtime.executionContextsCleared', () => {
      this.#world = undefined;
    });
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      if (executionContextId === this.#world) this.#world = undefined;
    });
    session.on('Page.domContentEventFired', () => {
      if (this.#bar !== undefined) this.#call('setMenuBar', [this.#bar]);
    });
    session.on('Runtime.bindingCalled', ({ name, executionContextId, payload }) => {
      if (name !== BINDING || executionContextId !== this.#world) return;
      for (const message of JSON.parse(payload) as readonly FromPage[]) {
        this.#listener.message(message);
      }
    });
    session.on('Debugger.scriptParsed', ({ scriptId, executionContextAuxData }) => {
      const auxiliary = executionContextAuxData as { readonly type?: string } | undefined;
      if (auxiliary?.type === 'isolated') this.#scriptIds.add(scriptId);
    });
    session.on('Debugger.paused', ({ callFrames: [frame] }) => {
      const isOurs =
        frame?.functionName === '__hostPause' &&
        this.#scriptIds.has(frame.location.scriptId);
      // The page's own `debugger` statements do nothing, as without DevTools.
      const done = isOurs ? this.#answer(frame.callFrameId) : Promise.resolve();
      void done.catch(() => {}).then(() => session.post('Debugger.resume'));
    });
  }

  async #answer(callFrameId: string): Promise<void> {
    const evaluate = async (expression: string, returnByValue: boolean) => {
      const answer = await this.session.send('Debugger.evaluateOnCallFrame', {
        callFrameId,
        expression,
        returnByValue,
        silent: true,
      });
      return answer.result;
    };
    try {
      const { value } = await evaluate(
        '({ kind: slot.kind, channel: slot.channel, wire: slot.wire })',
        true,
      );
      const slot = value as { kind: string; channel?: string; wire?: string };
      const result =
        slot.kind === 'path'
          ? await this.#paths((await evaluate('slot.files', false)).objectId ?? '')
          : await this.#listener.sendSync(slot.channel ?? '', slot.wire ?? '');
      await evaluate(`slot.result = ${JSON.stringify(result)}; 0`, true);
    } catch (error) {
      await evaluate(`slot.error = ${JSON.stringify((error as Error).message)}; 0`, true);
    }
  }

  /** The paths of an array of files in the page, in order; '' for files made by script. */
  async #paths(arrayId: string): Promise<readonly string[]> {
    const { result } = await this.session.send('Runtime.getProperties', {
      objectId: arrayId,
      ownProperties: true,
    });
    const items = result.filter((property) => /^\d+$/.test(property.name));
    const paths = await Promise.all(
      items.map(async ({ value }) => {
        const objectId = value?.objectId ?? '';
        const { path } = await this.session.send('DOM.getFileInfo', { objectId });
        this.session.post('Runtime.releaseObject', { objectId });
        return path;
      }),
    );
    return paths;
  }
}
