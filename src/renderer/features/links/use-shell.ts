import type { Shell } from '../../../shared/domain/commands/quote.ts';
import { useServices } from '../../app/services.ts';

/** The shell that people of this system paste commands into. */
export function useShell(): Shell {
  return useServices().bridge.platform === 'win32' ? 'powershell' : 'posix';
}
