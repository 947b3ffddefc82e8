import { type DependencyList, useEffect, useState } from 'react';
import type { AppError } from '../../../shared/errors/error.ts';
import { toAppError } from '../../bridge/api.ts';

/** What has been loaded so far. */
export interface Loaded<T> {
  readonly value: T | null;
  readonly error: AppError | null;
  readonly loading: boolean;
}

/** Milliseconds to wait before asking: arrow keys pass over rows nobody looks at. */
const PAUSE_MS = 120;

/** Loads a value whenever `deps` change; answers to earlier questions are dropped. */
export function useLoaded<T>(load: () => Promise<T>, deps: DependencyList): Loaded<T> {
  const [state, setState] = useState<Loaded<T>>({
    value: null,
    error: null,
    loading: true,
  });
  useEffect(() => {
    let current = true;
    setState({ value: null, error: null, loading: true });
    const timer = setTimeout(() => {
      load().then(
        (value) => current && setState({ value, error: null, loading: false }),
        (error: unknown) =>
          current && setState({ value: null, error: toAppError(error), loading: false }),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // oxlint-disable-next-line react/exhaustive-deps -- the caller names what `load` depends on
  }, deps);
  return state;
}
