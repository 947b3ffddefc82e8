import { join } from 'node:path';
import { pino } from 'pino';
import { redact, redactText } from './redact.ts';
import { openRotatingFile } from './rotating-file.ts';

/** Facts that go with a log line. Secrets in them are left out when it is written. */
export type LogDetails = Readonly<Record<string, unknown>>;

/** Levels of the log, from chatty to grave. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Writes the log. */
export interface Logger {
  debug(message: string, details?: LogDetails): void;
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  error(message: string, details?: LogDetails): void;
  /** Resolves when everything is on the disk. */
  flush(): Promise<void>;
}

const LEVELS: ReadonlySet<string> = new Set(['debug', 'info', 'warn', 'error']);
const MAX_BYTES = 5_000_000;
const KEEP = 4;

/** The level a variable such as `DIPPER_LOG` asks for; anything else means `info`. */
export function readLogLevel(text: string | undefined): LogLevel {
  return text !== undefined && LEVELS.has(text) ? (text as LogLevel) : 'info';
}

/** Opens `dipper.log` in a folder: JSON lines, rotated at 5 MB, free of secrets. */
export function openLogger(options: {
  readonly folder: string;
  readonly level: LogLevel;
}): Logger {
  const file = openRotatingFile({
    path: join(options.folder, 'dipper.log'),
    maxBytes: MAX_BYTES,
    keep: KEEP,
  });
  const log = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    file,
  );
  function write(level: LogLevel, message: string, details: LogDetails = {}): void {
    log[level]({ details: redact(details) }, redactText(message));
  }
  return {
    debug: (message, details) => write('debug', message, details),
    info: (message, details) => write('info', message, details),
    warn: (message, details) => write('warn', message, details),
    error: (message, details) => write('error', message, details),
    flush: () => file.flush(),
  };
}
