import { useCallback } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { Place } from '../../../../shared/domain/aspects.ts';
import type { CorsQuestion } from '../../../../shared/domain/cors/match.ts';
import { useServices } from '../../../app/services.ts';
import { toAppError } from '../../../bridge/api.ts';
import type { Exchange, LabState } from './lab-state.ts';

/** Sends a preflight and keeps what comes of it in the lab; the last one asked counts. */
export function usePreflight(
  { connectionId, bucket, key }: Place,
  store: StoreApi<LabState>,
): (question: CorsQuestion) => void {
  const { api } = useServices();
  return useCallback(
    (question) => {
      const asking: Exchange = { state: 'asking', question };
      store.setState({ exchange: asking });
      const tell = (exchange: Exchange): void => {
        if (store.getState().exchange === asking) store.setState({ exchange });
      };
      const { origin, method, headers } = question;
      api.aspects
        .preflight({
          connectionId,
          bucket,
          key,
          question: { origin, method, headers: [...headers] },
        })
        .then((answer) => tell({ state: 'answered', question, answer }))
        .catch((error: unknown) =>
          tell({ state: 'failed', question, error: toAppError(error) }),
        );
    },
    [api, store, connectionId, bucket, key],
  );
}
