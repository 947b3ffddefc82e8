import { useLayoutEffect } from 'react';
import type { UnfinishedWork } from '../../shared/contract/app.ts';
import { useServices } from './services.ts';

/** As long as `active` holds, Dipper asks before it quits or closes the window. */
export function useUnfinished(what: UnfinishedWork, active = true): void {
  const { unfinished } = useServices();
  // Before anybody sees it: who sees it may close the window.
  useLayoutEffect(
    () => (active ? unfinished.hold(what) : undefined),
    [unfinished, what, active],
  );
}
