import { Circle, CircleAlert, CircleCheck, CircleMinus, CircleX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { serializeError } from '../../../shared/errors/error.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { VisuallyHidden } from '../../components/visually-hidden.tsx';
import { type StageLine, stageLines } from './stage-text.ts';
import styles from './test-panel.module.css';
import { type ConnectionTest, stagesOf } from './use-connection-test.ts';

/** Props of {@link TestPanel}. */
export interface TestPanelProps {
  readonly test: ConnectionTest;
  /** Takes over the region the server told. */
  readonly onUseRegion: (region: string) => void;
}

/** The stages of a connection test as they come, each with what to do about it. */
export function TestPanel({ test, onUseRegion }: TestPanelProps) {
  const ref = useRef<HTMLElement>(null);
  const { state } = test;
  // Explanations make the panel grow as they come.
  const progress = `${state.kind} ${stagesOf(state).length}`;
  useEffect(() => {
    if (progress !== 'idle 0') ref.current?.scrollIntoView({ block: 'nearest' });
  }, [progress]);
  if (state.kind === 'idle') return null;
  const stages = stagesOf(state);
  const learnt = state.kind === 'done' ? state.report.learntRegion : null;
  return (
    <section ref={ref} aria-label="Connection test" className={styles.panel}>
      <div className={styles.head}>
        <output className={styles.title}>{headline(test)}</output>
        {state.kind === 'running' ? (
          <Button variant="plain" onClick={test.cancel}>
            Stop
          </Button>
        ) : (
          <Button variant="plain" onClick={test.clear}>
            Hide
          </Button>
        )}
      </div>
      <ol className={styles.stages}>
        {stageLines(stages).map((line) => (
          <Stage key={line.name} line={line} />
        ))}
      </ol>
      {learnt !== null && (
        <Banner
          tone="info"
          actions={<Button onClick={() => onUseRegion(learnt)}>Use It</Button>}
        >
          The server says its region is {learnt}.
        </Banner>
      )}
      {state.kind === 'broken' && (
        <Banner tone="error" title={errorText(serializeError(state.error)).title}>
          {errorText(serializeError(state.error)).action}
        </Banner>
      )}
    </section>
  );
}

function headline({ state }: ConnectionTest): string {
  switch (state.kind) {
    case 'running':
      return 'Testing the connection…';
    case 'cancelled':
      return 'Test stopped.';
    case 'broken':
      return 'The test could not run.';
    case 'done':
      return state.report.ok
        ? 'This connection works.'
        : 'This connection does not work yet.';
    default:
      return '';
  }
}

function Stage({ line }: { readonly line: StageLine }) {
  return (
    <li className={styles.stage} data-outcome={line.outcome}>
      <StageIcon outcome={line.outcome} />
      <div className={styles.text}>
        <p className={styles.label}>
          <span>{line.title}</span>
          {line.ms !== null && <span className={styles.time}>{line.ms} ms</span>}
        </p>
        {line.explanation !== '' && (
          <p className={styles.explanation}>{line.explanation}</p>
        )}
        {line.action !== '' && <p className={styles.action}>{line.action}</p>}
        {line.details !== '' && <p className={styles.details}>{line.details}</p>}
      </div>
    </li>
  );
}

function StageIcon({ outcome }: { readonly outcome: StageLine['outcome'] }) {
  switch (outcome) {
    case 'running':
      return (
        <span className={styles.icon}>
          <Spinner size={16} />
          <VisuallyHidden>Running:</VisuallyHidden>
        </span>
      );
    case 'passed':
      return (
        <span className={styles.passed}>
          <CircleCheck size={16} aria-hidden="true" />
          <VisuallyHidden>Passed:</VisuallyHidden>
        </span>
      );
    case 'limited':
      return (
        <span className={styles.limited}>
          <CircleAlert size={16} aria-hidden="true" />
          <VisuallyHidden>Limited:</VisuallyHidden>
        </span>
      );
    case 'failed':
      return (
        <span className={styles.failed}>
          <CircleX size={16} aria-hidden="true" />
          <VisuallyHidden>Failed:</VisuallyHidden>
        </span>
      );
    case 'skipped':
      return (
        <span className={styles.icon}>
          <CircleMinus size={16} aria-hidden="true" />
          <VisuallyHidden>Skipped:</VisuallyHidden>
        </span>
      );
    default:
      return (
        <span className={styles.icon}>
          <Circle size={16} aria-hidden="true" />
          <VisuallyHidden>Waiting:</VisuallyHidden>
        </span>
      );
  }
}
