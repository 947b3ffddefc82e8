import path from 'node:path';
import type { DesktopPlatform } from '../../shared/bridge.ts';

/**
 * Which local paths the window may name, in this session. The window shows what servers
 * say; should that ever get the better of it, it can still write only where the user
 * pointed, and read only what the user handed over.
 */
export interface PathGrants {
  /** A folder the user chose in a dialog, or that is the usual one. */
  addFolder(folder: string): void;
  /** Files and folders the user chose or dropped. */
  addSources(paths: readonly string[]): void;
  /** Whether downloads may go to `folder`: a granted one or one inside of it. */
  mayWriteTo(folder: string): boolean;
  /** Whether `source` may be uploaded: granted or inside of a granted folder. */
  mayRead(source: string): boolean;
}

/** Makes an empty list of grants. Paths compare as `platform` compares them. */
export function createPathGrants(platform: DesktopPlatform): PathGrants {
  const system = platform === 'win32' ? path.win32 : path.posix;
  const folders = new Set<string>();
  const sources = new Set<string>();

  /** One way to write a path; `null` for one that is not absolute. */
  function normal(text: string): string | null {
    if (!system.isAbsolute(text) || text.includes('\0')) return null;
    const resolved = system.resolve(text);
    // The usual file systems there take A and a for the same.
    return platform === 'linux' ? resolved : resolved.normalize('NFC').toLowerCase();
  }

  function add(set: Set<string>, text: string): void {
    const known = normal(text);
    if (known !== null) set.add(known);
  }

  /** Itself or one of the folders above it. */
  function isWithin(set: ReadonlySet<string>, text: string): boolean {
    for (let current = normal(text); current !== null; ) {
      if (set.has(current)) return true;
      const above = system.dirname(current);
      current = above === current ? null : above;
    }
    return false;
  }

  return {
    addFolder: (folder) => add(folders, folder),
    addSources: (paths) => {
      for (const each of paths) add(sources, each);
    },
    mayWriteTo: (folder) => isWithin(folders, folder),
    mayRead: (source) => isWithin(sources, source),
  };
}
