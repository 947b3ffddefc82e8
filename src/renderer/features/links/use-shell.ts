import type { Bridge } from '../../../shared/bridge.ts';
import type { Shell } from '../../../shared/domain/commands/quote.ts';
import { useServices } from '../../app/services.ts';

/** The shell that people of this system paste commands into. */
export function useShell(): Shell {
  return shellOf(useServices().bridge);
}

/** The same outside components. */
export function shellOf({ platform }: Pick<Bridge, 'platform'>): Shell {
  return platform === 'win32' ? 'powershell' : 'posix';
}
