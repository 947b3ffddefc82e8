import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A log file that makes room for a new one when it is full. */
export interface RotatingFile {
  /** Adds a line; it gets to the disk soon. */
  write(line: string): void;
  /** Resolves when everything written so far is on the disk. */
  flush(): Promise<void>;
}

/**
 * Opens `path` for appending. Beyond `maxBytes` it becomes `path.1`, that one `path.2` and
 * so on; `keep` old files stay. A disk that takes nothing loses lines, never the app.
 */
export function openRotatingFile(options: {
  readonly path: string;
  readonly maxBytes: number;
  readonly keep: number;
}): RotatingFile {
  const { path, maxBytes, keep } = options;
  let lines: string[] = [];
  let size: number | null = null;
  let running: Promise<void> | null = null;

  async function rotate(): Promise<void> {
    await rm(`${path}.${keep}`, { force: true });
    for (let n = keep - 1; n >= 1; n -= 1) {
      await rename(`${path}.${n}`, `${path}.${n + 1}`).catch(() => undefined);
    }
    await rename(path, `${path}.1`);
  }

  async function drain(): Promise<void> {
    try {
      if (size === null) {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        size = (await stat(path).catch(() => null))?.size ?? 0;
      }
      while (lines.length > 0) {
        const text = lines.join('');
        lines = [];
        if (size > 0 && size + text.length > maxBytes) {
          await rotate();
          size = 0;
        }
        await appendFile(path, text, { mode: 0o600 });
        size += text.length;
      }
    } catch {
      // Nowhere left to report to.
      lines = [];
    } finally {
      running = null;
    }
  }

  return {
    write(line) {
      lines.push(line);
      running ??= Promise.resolve().then(drain);
    },
    async flush() {
      // A drain goes on until nothing is left, whatever was added meanwhile.
      await running;
    },
  };
}
