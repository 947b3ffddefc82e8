import type { ComponentType } from 'react';
import type { AspectName, Place } from '../../../shared/domain/aspects.ts';
import { serializeError } from '../../../shared/errors/error.ts';
import { unavailableText } from '../../../shared/messages/aspects.en.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Spinner } from '../../components/spinner.tsx';
import type { AspectValue } from './aspect-editor.ts';
import styles from './aspect-summary.module.css';
import { useAspect } from './use-aspect.ts';

/** Milliseconds to wait before asking: arrow keys pass over rows nobody looks at. */
const PAUSE_MS = 150;

/** What is set, in a few lines of the inspector, with the button that opens the sheet. */
export function AspectSummary<Name extends AspectName>(props: {
  readonly place: Place;
  readonly aspect: Name;
  readonly title: string;
  readonly Content: ComponentType<{
    readonly value: AspectValue<Name>;
    readonly place: Place;
  }>;
}) {
  const { place, aspect, title, Content } = props;
  const { dialogs } = useServices();
  const { state, reload } = useAspect(place, aspect, { pauseMs: PAUSE_MS });
  const locked = state.phase === 'ready' && state.locked !== null;
  return (
    <SummarySection
      title={title}
      action={
        state.phase === 'ready'
          ? {
              label: locked ? 'Show…' : 'Edit…',
              name: `${locked ? 'Show' : 'Edit'} ${title}`,
              onSelect: () => dialogs.open({ kind: 'aspect', aspect, place }),
            }
          : null
      }
      busy={state.phase === 'loading'}
    >
      {state.phase === 'loading' && (
        <div className={styles.loading}>
          <Spinner size={14} label={`Reading: ${title}`} />
        </div>
      )}
      {state.phase === 'failed' && (
        <div className={styles.note}>
          <p>{errorText(serializeError(state.error)).title}.</p>
          <Button variant="plain" onClick={reload}>
            Try Again
          </Button>
        </div>
      )}
      {state.phase === 'unavailable' && (
        <div className={styles.note}>
          <p className={styles.reason}>{unavailableText(aspect, state.why).title}.</p>
          <p>{unavailableText(aspect, state.why).explanation}</p>
        </div>
      )}
      {state.phase === 'ready' && (
        <>
          <Content value={state.value} place={place} />
          {state.locked !== null && (
            <p className={classes(styles.note, styles.locked)}>
              {unavailableText(aspect, state.locked).title}.
            </p>
          )}
        </>
      )}
    </SummarySection>
  );
}

/** A part of an inspector page: its title, a button, and what there is to know. */
export function SummarySection(props: {
  readonly title: string;
  readonly action?: {
    readonly label: string;
    /** The whole name, for screen readers. */
    readonly name: string;
    readonly onSelect: () => void;
  } | null;
  readonly busy?: boolean;
  readonly children: React.ReactNode;
}) {
  const { title, action = null, busy = false } = props;
  return (
    <section className={styles.section} aria-label={title} aria-busy={busy}>
      <div className={styles.head}>
        <h3 className={styles.title}>{title}</h3>
        {action !== null && (
          <Button
            className={styles.edit}
            aria-label={action.name}
            onClick={action.onSelect}
          >
            {action.label}
          </Button>
        )}
      </div>
      {props.children}
    </section>
  );
}
