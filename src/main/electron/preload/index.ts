import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { Bridge, DesktopPlatform } from '../../../shared/bridge.ts';
import { CALL_NAMES, TOPIC_NAMES } from '../../../shared/contract/names.ts';

/** Channels, as in ../ipc.ts; the preload imports nothing but the names. */
const CALL_CHANNEL = 'app:call';
const EVENT_CHANNEL = 'app:event';
const DROP_CHANNEL = 'app:dropped';

const calls: ReadonlySet<string> = new Set(CALL_NAMES);
const topics: ReadonlySet<string> = new Set(TOPIC_NAMES);
const listeners = new Map<string, Set<(payload: unknown) => void>>();

ipcRenderer.on(
  EVENT_CHANNEL,
  (_event: IpcRendererEvent, topic: unknown, payload: unknown) => {
    if (typeof topic !== 'string') return;
    for (const listener of listeners.get(topic) ?? []) listener(payload);
  },
);

const bridge: Bridge = {
  call(name, payload) {
    if (!calls.has(name)) return Promise.reject(new Error(`No such call: ${name}`));
    return ipcRenderer.invoke(CALL_CHANNEL, name, payload) as ReturnType<
      Bridge['call']
    > as never;
  },
  subscribe(topic, listener) {
    if (!topics.has(topic)) throw new Error(`No such topic: ${topic}`);
    const known = listeners.get(topic) ?? new Set();
    listeners.set(topic, known);
    // A wrapper per subscription: the same function may subscribe twice.
    const entry = (payload: unknown) => listener(payload as never);
    known.add(entry);
    return () => {
      known.delete(entry);
    };
  },
  pathsForFiles(files) {
    // Empty for a file the page made itself: only what was really dropped has a path.
    const paths = files.map((file) => webUtils.getPathForFile(file as File));
    // Before the page can ask for an upload: messages of one window keep their order.
    ipcRenderer.send(DROP_CHANNEL, paths);
    return paths;
  },
  platform: process.platform as DesktopPlatform,
};

contextBridge.exposeInMainWorld('bridge', bridge);
