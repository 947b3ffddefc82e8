import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TopicName } from '../../../shared/contract/index.ts';
import type { BookmarkId } from '../../../shared/domain/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { type Logger, openLogger } from '../../logging/logger.ts';
import type { Question } from '../../platform/desktop.ts';
import type { EngineLauncher } from '../../platform/engine-launcher.ts';
import type { Platform } from '../../platform/platform.ts';
import type { SealedEntry, Vault } from '../../platform/vault.ts';

/** An event the app sent to its window. */
export interface SentEvent {
  readonly topic: TopicName;
  readonly payload: unknown;
}

/** A desktop without a display: what the app did to it, and what the user will answer. */
export interface FakeDesktop {
  readonly platform: Platform;
  readonly logger: Logger;
  readonly folder: string;
  readonly events: SentEvent[];
  readonly opened: string[];
  readonly revealed: string[];
  readonly copied: string[];
  readonly notified: { readonly title: string; readonly body: string }[];
  readonly questions: Question[];
  readonly power: boolean[];
  /** The network as the system sees it. */
  readonly network: { online: boolean };
  /** The computer wakes up. */
  wakeUp(): void;
  /** What the next dialogs give back. */
  readonly answers: { path: string | null; button: number; focused: boolean };
  dispose(): Promise<void>;
}

/** Makes a desktop with a folder of its own. */
export async function createFakeDesktop(engine: EngineLauncher): Promise<FakeDesktop> {
  const folder = await mkdtemp(join(tmpdir(), 'dipper-app-'));
  const logger = openLogger({ folder: join(folder, 'logs'), level: 'debug' });
  const sleepers: (() => void)[] = [];
  const desktop = {
    logger,
    folder,
    events: [] as SentEvent[],
    opened: [] as string[],
    revealed: [] as string[],
    copied: [] as string[],
    notified: [] as { readonly title: string; readonly body: string }[],
    questions: [] as Question[],
    power: [] as boolean[],
    network: { online: true },
    wakeUp: () => {
      for (const listener of sleepers) listener();
    },
    answers: { path: null as string | null, button: 0, focused: true },
  };
  let lastId = 0;
  const platform: Platform = {
    system: { version: '1.2.3', platform: 'linux', packaged: false },
    paths: {
      userData: folder,
      logs: join(folder, 'logs'),
      downloads: folder,
      temp: folder,
    },
    clock: { now: () => Date.now(), sleep: abortableSleep },
    ids: {
      next: () => {
        lastId += 1;
        return `id-${lastId}`;
      },
    },
    vault: createMemoryVault(),
    dialogs: {
      chooseFiles: async () =>
        desktop.answers.path === null ? [] : [desktop.answers.path],
      chooseFolder: async () => desktop.answers.path,
      openFile: async () => desktop.answers.path,
      saveFile: async () => desktop.answers.path,
      ask: async (question) => {
        desktop.questions.push(question);
        return desktop.answers.button;
      },
    },
    shell: {
      openExternal: async (url) => void desktop.opened.push(url),
      revealFile: (path) => void desktop.revealed.push(path),
    },
    clipboard: { writeText: async (text) => void desktop.copied.push(text) },
    notifier: { notify: (notification) => void desktop.notified.push(notification) },
    power: { setActive: (active) => void desktop.power.push(active) },
    state: {
      isOnline: () => desktop.network.online,
      onResume: (listener) => void sleepers.push(listener),
    },
    menu: { setStates: () => undefined },
    theme: {
      current: () => ({ dark: false, highContrast: false }),
      setChoice: () => undefined,
      onChange: () => undefined,
    },
    window: {
      send: (topic, payload) => void desktop.events.push({ topic, payload }),
      isFocused: () => desktop.answers.focused,
      setTitle: () => undefined,
      startDrag: () => Promise.resolve(),
    },
    engine,
    notices: [],
  };
  return {
    ...desktop,
    platform,
    dispose: async () => {
      await logger.flush();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A vault in memory that knows a keychain. The real one has tests of its own. */
export function createMemoryVault(): Vault {
  const entries = new Map<BookmarkId, SealedEntry>();
  return {
    status: async () => ({ protected: true, backend: 'memory' }),
    async put(id, plain) {
      entries.set(id, { cipher: plain, backend: 'memory' });
      return { protected: true };
    },
    get: async (id) => entries.get(id)?.cipher ?? null,
    async copy(from, to) {
      const entry = entries.get(from);
      if (entry !== undefined) entries.set(to, entry);
      return entry !== undefined;
    },
    peek: (ids) => ({
      entries: new Map(
        ids.flatMap((id) => {
          const entry = entries.get(id);
          return entry === undefined ? [] : [[id, entry] as const];
        }),
      ),
    }),
    async take(ids) {
      const taken = new Map<BookmarkId, SealedEntry>();
      for (const id of ids) {
        const entry = entries.get(id);
        if (entry !== undefined) taken.set(id, entry);
        entries.delete(id);
      }
      return { entries: taken };
    },
    async restore(sealed) {
      for (const [id, entry] of sealed.entries) entries.set(id, entry);
    },
  };
}

/** A launcher for tests that need no engine: it cannot start one. */
export function noEngine(): EngineLauncher {
  return {
    launch() {
      throw new AppError('engine.gone');
    },
  };
}

async function abortableSleep(
  ms: number,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
