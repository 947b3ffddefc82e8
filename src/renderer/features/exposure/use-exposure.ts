import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Place } from '../../../shared/domain/aspects.ts';
import type { Exposure } from '../../../shared/domain/exposure.ts';
import type { AppError } from '../../../shared/errors/error.ts';
import { useServices } from '../../app/services.ts';
import { toAppError } from '../../bridge/api.ts';

/** Milliseconds to wait before asking: arrow keys pass over rows nobody looks at. */
const PAUSE_MS = 150;

/** What came of asking who may read something. */
export type ExposureState =
  | { readonly phase: 'asking' }
  | { readonly phase: 'failed'; readonly error: AppError }
  | { readonly phase: 'known'; readonly exposure: Exposure };

/**
 * Asks who may read a place without keys, and again whenever something was changed from
 * the window; `version` names what else it depends on, such as the object's time.
 */
export function useExposure(place: Place, version: string): ExposureState {
  const { api, inspector } = useServices();
  const { connectionId, bucket, key } = place;
  const revision = useStore(inspector.store, (state) => state.revision);
  const question = JSON.stringify([connectionId, bucket, key]);
  const [answer, setAnswer] = useState<{
    readonly question: string;
    readonly state: ExposureState;
  } | null>(null);
  // One asking for each change, too.
  const asking = `${question} ${version} ${revision}`;
  useEffect(() => {
    let current = asking !== '';
    const ask = async (): Promise<void> => {
      let state: ExposureState;
      try {
        const exposure = await api.aspects.exposure({ connectionId, bucket, key });
        state = { phase: 'known', exposure };
      } catch (error) {
        state = { phase: 'failed', error: toAppError(error) };
      }
      if (current) setAnswer({ question, state });
    };
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, connectionId, bucket, key, question, asking]);
  // What was found before a change stays until the new answer is there.
  return answer?.question === question ? answer.state : { phase: 'asking' };
}
