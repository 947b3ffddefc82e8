import { useCallback, useEffect, useState } from 'react';
import type { RemoteItem } from '../../../../shared/domain/listing.ts';
import type { AppError } from '../../../../shared/errors/error.ts';
import { useServices } from '../../../app/services.ts';
import { toAppError } from '../../../bridge/api.ts';
import type { ManyPlace } from '../../../stores/dialogs.ts';
import { itemsOfBucket } from '../../browser/actions/items-of-bucket.ts';
import { type CountState, useCount } from '../../inspector/use-count.ts';

/** What a change of many objects is about, counted. */
export interface Scope {
  /** `null`: not known yet. */
  readonly items: readonly RemoteItem[] | null;
  readonly count: CountState;
  readonly stopCounting: () => void;
  readonly error: AppError | null;
}

/** Finds what lies in a place and counts it; counting ends with the component. */
export function useScope(place: ManyPlace): Scope {
  const { api, newTaskId } = useServices();
  const { connectionId, bucket, items: given } = place;
  const [listed, setListed] = useState<readonly RemoteItem[] | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const { state, start, cancel } = useCount();
  useEffect(() => {
    if (given !== null) return undefined;
    let current = true;
    itemsOfBucket(api, connectionId, bucket, newTaskId)
      .then((found) => {
        if (current) setListed(found);
        return undefined;
      })
      .catch((reason: unknown) => {
        if (current) setError(toAppError(reason));
      });
    return () => {
      current = false;
    };
  }, [api, newTaskId, connectionId, bucket, given]);
  const items = given ?? listed;
  useEffect(() => {
    if (items?.some(({ folder }) => folder) === true) start(connectionId, bucket, items);
  }, [start, connectionId, bucket, items]);
  return {
    items,
    count: state,
    stopCounting: useCallback(() => cancel(), [cancel]),
    error,
  };
}
