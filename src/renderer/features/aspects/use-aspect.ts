import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type {
  Aspect,
  AspectName,
  EarlierState,
  Place,
  Reading,
  Unavailable,
} from '../../../shared/domain/aspects.ts';
import type { AppError } from '../../../shared/errors/error.ts';
import { useServices } from '../../app/services.ts';
import { toAppError } from '../../bridge/api.ts';
import type { AspectValue } from './aspect-editor.ts';

/** An aspect as it was read. */
export type AspectState<Name extends AspectName> =
  | { readonly phase: 'loading' }
  | { readonly phase: 'failed'; readonly error: AppError }
  | { readonly phase: 'unavailable'; readonly why: Unavailable }
  | {
      readonly phase: 'ready';
      readonly value: AspectValue<Name>;
      readonly revision: string;
      /** Why it can be seen and not changed. */
      readonly locked: Unavailable | null;
    };

/** What came of a write. */
export type WriteOutcome<Name extends AspectName> =
  | { readonly kind: 'saved'; readonly now: AspectState<Name> }
  /** Somebody else changed it meanwhile: how it is now. Nothing was written. */
  | { readonly kind: 'changed'; readonly now: AspectState<Name> }
  /** Saved, but for what the error says. */
  | { readonly kind: 'partly'; readonly error: AppError }
  | { readonly kind: 'failed'; readonly error: AppError };

/** What a write may cost. */
export interface WriteOptions {
  /** New headers may cost permissions that these keys may not read. */
  readonly mayResetAcl?: boolean;
}

/** A state that was there before one of our changes. */
export interface EarlierValue<Name extends AspectName> {
  readonly id: number;
  readonly value: AspectValue<Name>;
  /** ms since 1970. */
  readonly replacedAt: number;
}

/** An aspect of a place, and how to change it. */
export interface UsedAspect<Name extends AspectName> {
  readonly state: AspectState<Name>;
  /** Newest first; empty until they are there. */
  readonly earlier: readonly EarlierValue<Name>[];
  readonly reload: () => void;
  /** Takes over a state that a write answered with. */
  readonly take: (state: AspectState<Name>) => void;
  /** Writes a value in place of the one with `revision`. Changes no state here. */
  readonly write: (
    value: AspectValue<Name>,
    revision: string,
    costs?: WriteOptions,
  ) => Promise<WriteOutcome<Name>>;
}

const LOADING = { phase: 'loading' } as const;

/**
 * Reads an aspect of a place, and again whenever something was changed from the window.
 * `pauseMs` waits before asking: arrow keys pass over rows nobody looks at.
 */
export function useAspect<Name extends AspectName>(
  place: Place,
  aspect: Name,
  options: { readonly pauseMs?: number; readonly withEarlier?: boolean } = {},
): UsedAspect<Name> {
  const { api, inspector } = useServices();
  const { pauseMs = 0, withEarlier = false } = options;
  const { connectionId, bucket, key } = place;
  // A sheet follows its own writes; what it was opened with must not change under it.
  const changes = useStore(inspector.store, (state) =>
    withEarlier ? 0 : state.revision,
  );
  const [asked, setAsked] = useState(0);
  const question = JSON.stringify([connectionId, bucket, key, aspect]);
  /** Each asking anew. */
  const asking = `${question} ${asked} ${changes}`;
  const [answer, setAnswer] = useState<{
    readonly question: string;
    readonly asking: string;
    readonly state: AspectState<Name>;
  } | null>(null);
  const [earlier, setEarlier] = useState<readonly EarlierValue<Name>[]>([]);
  const latest = useRef({ question, asking });

  useEffect(() => {
    latest.current = { question, asking };
    let current = true;
    const ask = async (): Promise<void> => {
      const state = await read(
        () => api.aspects.read({ connectionId, bucket, key, aspect }),
        aspect,
      );
      if (state.phase !== 'failed') {
        const lacks = state.phase === 'unavailable' && state.why.reason === 'unsupported';
        inspector.noteSupport({ connectionId, bucket, key }, aspect, !lacks);
      }
      if (current) setAnswer({ question, asking, state });
    };
    const timer = setTimeout(() => void ask(), pauseMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, inspector, connectionId, bucket, key, aspect, question, asking, pauseMs]);

  // Each save adds an earlier state.
  const seen = answer?.state.phase === 'ready' ? answer.state.revision : null;
  useEffect(() => {
    if (!withEarlier || seen === null) return undefined;
    let current = true;
    api.aspects
      .earlier({ connectionId, bucket, key, aspect })
      .then((states) => {
        if (current) setEarlier(states.flatMap((state) => earlierOf(state, aspect)));
        return undefined;
      })
      // What was there once is a convenience: without it the editor works all the same.
      .catch(() => undefined);
    return () => {
      current = false;
    };
  }, [api, connectionId, bucket, key, aspect, withEarlier, seen]);

  const reload = useCallback(() => {
    setAnswer(null);
    setAsked((count) => count + 1);
  }, []);

  const take = useCallback(
    (state: AspectState<Name>) => setAnswer({ ...latest.current, state }),
    [],
  );

  const write = useCallback(
    async (
      value: AspectValue<Name>,
      revision: string,
      costs: WriteOptions = {},
    ): Promise<WriteOutcome<Name>> => {
      const target = { connectionId, bucket, key };
      // The compiler cannot see that a name and its value belong together.
      const change = { aspect, value } as unknown as Aspect;
      try {
        const now = stateOf(
          await api.aspects.write({ ...target, change, revision, ...costs }),
          aspect,
        );
        inspector.changed();
        return { kind: 'saved', now };
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code === 'aspect.tags-lost') {
          inspector.changed();
          return { kind: 'partly', error };
        }
        if (error.code !== 'aspect.changed') return { kind: 'failed', error };
        const now = await read(() => api.aspects.read({ ...target, aspect }), aspect);
        return now.phase === 'failed'
          ? { kind: 'failed', error: now.error }
          : { kind: 'changed', now };
      }
    },
    [api, inspector, connectionId, bucket, key, aspect],
  );

  return {
    state: answer?.question === question ? answer.state : LOADING,
    earlier,
    reload,
    take,
    write,
  };
}

async function read<Name extends AspectName>(
  ask: () => Promise<Reading>,
  aspect: Name,
): Promise<AspectState<Name>> {
  try {
    return stateOf(await ask(), aspect);
  } catch (error) {
    return { phase: 'failed', error: toAppError(error) };
  }
}

function stateOf<Name extends AspectName>(
  reading: Reading,
  aspect: Name,
): AspectState<Name> {
  if (reading.kind === 'unavailable') return { phase: 'unavailable', why: reading.why };
  const { revision, locked } = reading;
  return { phase: 'ready', value: valueOf(reading.aspect, aspect), revision, locked };
}

function earlierOf<Name extends AspectName>(
  state: EarlierState,
  aspect: Name,
): EarlierValue<Name>[] {
  const { id, replacedAt } = state;
  return [{ id, replacedAt, value: valueOf(state.aspect, aspect) }];
}

/** The value of an answer; the contract has it that it is of the aspect asked for. */
function valueOf<Name extends AspectName>(
  answer: Aspect,
  aspect: Name,
): AspectValue<Name> {
  if (answer.aspect !== aspect)
    throw new Error(`asked for ${aspect}, got ${answer.aspect}`);
  return answer.value as AspectValue<Name>;
}
