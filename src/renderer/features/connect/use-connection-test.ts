import { useEffect, useMemo, useRef, useState } from 'react';
import type { ConnectionDraft, SecretInput } from '../../../shared/domain/bookmark.ts';
import type { TestReport, TestStage } from '../../../shared/domain/connection-test.ts';
import type { BookmarkId } from '../../../shared/domain/ids.ts';
import type { AppError } from '../../../shared/errors/error.ts';
import { type Api, isCancelled, type Subscribe, toAppError } from '../../bridge/api.ts';

/** Where a connection test stands. */
export type TestState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly stages: readonly TestStage[] }
  | { readonly kind: 'cancelled'; readonly stages: readonly TestStage[] }
  | { readonly kind: 'done'; readonly report: TestReport }
  | {
      readonly kind: 'broken';
      readonly stages: readonly TestStage[];
      readonly error: AppError;
    };

/** What to test. */
export interface TestSubject {
  readonly draft: ConnectionDraft;
  readonly secret: SecretInput | null;
  readonly bookmarkId: BookmarkId | null;
}

/** A connection test that shows its stages as they come. */
export interface ConnectionTest {
  readonly state: TestState;
  readonly start: (subject: TestSubject) => void;
  readonly cancel: () => void;
  /** Takes the result away. */
  readonly clear: () => void;
}

/** Runs connection tests; one at a time, cancelled when the dialog goes. */
export function useConnectionTest(api: Api, subscribe: Subscribe): ConnectionTest {
  const [state, setState] = useState<TestState>({ kind: 'idle' });
  const running = useRef<string | null>(null);

  useEffect(
    () =>
      subscribe('connections.testProgress', ({ testId, stage }) => {
        if (testId !== running.current) return;
        setState((current) =>
          current.kind === 'running'
            ? { kind: 'running', stages: withStage(current.stages, stage) }
            : current,
        );
      }),
    [subscribe],
  );
  useEffect(
    () => () => {
      const testId = running.current;
      running.current = null;
      // Nobody is left to tell of a failure.
      if (testId !== null) api.connections.cancelTest({ testId }).catch(() => undefined);
    },
    [api],
  );

  return useMemo(() => {
    async function run(testId: string, subject: TestSubject): Promise<void> {
      try {
        const report = await api.connections.test({ testId, ...subject });
        if (running.current !== testId) return;
        running.current = null;
        setState({ kind: 'done', report });
      } catch (error) {
        if (running.current !== testId) return;
        running.current = null;
        setState((current) => {
          const stages = stagesOf(current);
          return isCancelled(error)
            ? { kind: 'cancelled', stages }
            : { kind: 'broken', stages, error: toAppError(error) };
        });
      }
    }
    function stop(): void {
      const testId = running.current;
      running.current = null;
      if (testId !== null) api.connections.cancelTest({ testId }).catch(() => undefined);
    }
    return {
      state,
      start: (subject) => {
        stop();
        const testId = `test-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
        running.current = testId;
        setState({ kind: 'running', stages: [] });
        void run(testId, subject);
      },
      cancel: () => {
        stop();
        setState((current) => ({ kind: 'cancelled', stages: stagesOf(current) }));
      },
      clear: () => {
        stop();
        setState({ kind: 'idle' });
      },
    };
  }, [api, state]);
}

/** The stages known in a state. */
export function stagesOf(state: TestState): readonly TestStage[] {
  switch (state.kind) {
    case 'idle':
      return [];
    case 'done':
      return state.report.stages;
    default:
      return state.stages;
  }
}

function withStage(stages: readonly TestStage[], stage: TestStage): TestStage[] {
  const others = stages.filter((other) => other.name !== stage.name);
  return [...others, stage];
}
