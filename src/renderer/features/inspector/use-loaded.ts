import { useEffect, useRef, useState } from 'react';
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

/**
 * Loads a value whenever `key` changes, which names what `load` asks for; answers to
 * earlier questions are dropped.
 */
export function useLoaded<T>(load: () => Promise<T>, key: string): Loaded<T> {
  const [state, setState] = useState<{
    readonly key: string;
    readonly value: T | null;
    readonly error: AppError | null;
  } | null>(null);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    let current = true;
    const ask = async (): Promise<void> => {
      try {
        const value = await latest.current();
        if (current) setState({ key, value, error: null });
      } catch (error) {
        if (current) setState({ key, value: null, error: toAppError(error) });
      }
    };
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key]);
  return state?.key === key
    ? { value: state.value, error: state.error, loading: false }
    : { value: null, error: null, loading: true };
}
