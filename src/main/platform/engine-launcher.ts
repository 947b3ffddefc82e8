import type { Port } from '../rpc/port.ts';

/** A running engine process. */
export interface EngineHandle {
  /** Messages to and from it. Closes when the process is gone. */
  readonly port: Port;
  readonly pid: number | undefined;
  /** Resolves once, with the exit code, when the process is gone. */
  readonly exited: Promise<number | null>;
  /** Ends the process now. */
  kill(): void;
}

/** Starts the transfer engine in a process of its own. */
export interface EngineLauncher {
  launch(): EngineHandle;
}
