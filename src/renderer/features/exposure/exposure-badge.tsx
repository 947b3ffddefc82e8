import { CircleHelp, Globe, Lock } from 'lucide-react';
import { useState } from 'react';
import type { Place } from '../../../shared/domain/aspects.ts';
import type { Exposure } from '../../../shared/domain/exposure.ts';
import { serializeError } from '../../../shared/errors/error.ts';
import { errorText } from '../../../shared/messages/errors.en.ts';
import { classes } from '../../components/classes.ts';
import { Popover } from '../../components/popover.tsx';
import { Fact, FactList } from '../inspector/parts.tsx';
import styles from './exposure-badge.module.css';
import { exposureFacts, VERDICT_LABELS, verdictText } from './exposure-words.ts';
import { type ExposureState, useExposure } from './use-exposure.ts';

/** Who may read what is looked at: a word, and the reasons behind it. */
export function ExposureBadge(props: {
  readonly place: Place;
  /** What the answer depends on besides: an object of another time may have another list. */
  readonly version: string;
}) {
  const { place, version } = props;
  const state = useExposure(place, version);
  const [open, setOpen] = useState(false);
  if (state.phase === 'asking') return null;
  const verdict = state.phase === 'known' ? state.exposure.verdict : 'unknown';
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      focusesWhole
      title={`Who can read it: ${VERDICT_LABELS[verdict]}`}
      trigger={
        <button type="button" className={classes(styles.badge, toneOf(verdict))}>
          <Icon verdict={verdict} />
          {VERDICT_LABELS[verdict]}
        </button>
      }
    >
      <Reasons state={state} isObject={place.key !== null} />
    </Popover>
  );
}

function Reasons(props: {
  readonly state: Exclude<ExposureState, { readonly phase: 'asking' }>;
  readonly isObject: boolean;
}) {
  const { state, isObject } = props;
  if (state.phase === 'failed') {
    const text = errorText(serializeError(state.error));
    return (
      <p className={styles.text}>
        It could not be found out. {text.title}. {text.explanation}
      </p>
    );
  }
  return (
    <div className={styles.reasons}>
      <p className={styles.text}>{verdictText(state.exposure, isObject)}</p>
      <FactList>
        {exposureFacts(state.exposure, isObject).map(([label, value]) => (
          <Fact key={label} label={label} value={value} />
        ))}
      </FactList>
    </div>
  );
}

function Icon({ verdict }: { readonly verdict: Exposure['verdict'] }) {
  const props = { size: 12, strokeWidth: 2.25, 'aria-hidden': true } as const;
  if (verdict === 'private') return <Lock {...props} />;
  return verdict === 'unknown' ? <CircleHelp {...props} /> : <Globe {...props} />;
}

function toneOf(verdict: Exposure['verdict']): string | undefined {
  if (verdict === 'private') return styles.private;
  return verdict === 'unknown' ? styles.unknown : styles.public;
}
