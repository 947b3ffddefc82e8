import { useCallback, useEffect, useRef, useState } from 'react';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../shared/domain/listing.ts';
import type { AppError } from '../../../shared/errors/error.ts';
import { useServices } from '../../app/services.ts';
import { isCancelled, toAppError } from '../../bridge/api.ts';
import { ITEMS_PER_REQUEST, inChunks } from '../browser/actions/items.ts';

/** Objects counted at most. */
const LIMIT = 10_000_000;

/** How a count stands. */
export interface CountState {
  readonly phase: 'idle' | 'counting' | 'done' | 'failed' | 'cancelled';
  readonly objects: number;
  readonly bytes: number;
  /** `false`: stopped early, there are more. */
  readonly complete: boolean;
  readonly error: AppError | null;
}

const IDLE: CountState = {
  phase: 'idle',
  objects: 0,
  bytes: 0,
  complete: true,
  error: null,
};

/** Counts objects and bytes under items, with progress; ends when the component goes. */
export function useCount(): {
  readonly state: CountState;
  readonly start: (
    connectionId: ConnectionId,
    bucket: string,
    items: readonly RemoteItem[],
  ) => void;
  readonly cancel: () => void;
} {
  const { api, subscribe, newTaskId } = useServices();
  const [state, setState] = useState(IDLE);
  const task = useRef<string | null>(null);

  const cancel = useCallback(() => {
    const taskId = task.current;
    task.current = null;
    if (taskId === null) return;
    setState((now) => ({ ...now, phase: 'cancelled', complete: false }));
    // Nobody waits for the answer.
    api.browse.cancel({ taskId }).catch(() => {});
  }, [api]);

  useEffect(() => cancel, [cancel]);

  const start = useCallback(
    (connectionId: ConnectionId, bucket: string, items: readonly RemoteItem[]): void => {
      const taskId = newTaskId();
      task.current = taskId;
      let before = { objects: 0, bytes: 0, complete: true };
      setState({ ...IDLE, phase: 'counting' });
      const stop = subscribe('browse.counting', (progress) => {
        if (progress.taskId !== taskId || task.current !== taskId) return;
        setState((now) => ({
          ...now,
          objects: before.objects + progress.objects,
          bytes: before.bytes + progress.bytes,
        }));
      });
      const work = async (): Promise<void> => {
        for (const chunk of inChunks(items, ITEMS_PER_REQUEST)) {
          const result = await api.browse.count({
            connectionId,
            bucket,
            items: [...chunk],
            taskId,
            limit: LIMIT,
          });
          if (task.current !== taskId) return;
          before = {
            objects: before.objects + result.objects,
            bytes: before.bytes + result.bytes,
            complete: before.complete && result.complete,
          };
          setState({ ...IDLE, ...before, phase: 'counting' });
        }
        task.current = null;
        setState({ ...IDLE, ...before, phase: 'done' });
      };
      work()
        .catch((error: unknown) => {
          if (task.current !== taskId || isCancelled(error)) return;
          task.current = null;
          setState((now) => ({ ...now, phase: 'failed', error: toAppError(error) }));
        })
        .finally(stop);
    },
    [api, subscribe, newTaskId],
  );
  return { state, start, cancel };
}
