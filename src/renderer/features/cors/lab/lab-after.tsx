import { useEffect } from 'react';
import type { Place } from '../../../../shared/domain/aspects.ts';
import { AnswerView } from './answer-view.tsx';
import styles from './lab.module.css';
import { useLab } from './lab-state.ts';
import { usePreflight } from './use-preflight.ts';

/** After a save: what was asked in the lab is asked of the server again. */
export function LabAfter({ place }: { readonly place: Place }) {
  const { lab, store } = useLab();
  const ask = usePreflight(place, store);
  useEffect(() => {
    const { exchange } = store.getState();
    if (exchange !== null) ask(exchange.question);
  }, [ask, store]);
  const { exchange } = lab;
  if (exchange === null) return null;
  return (
    <div className={styles.lab}>
      <p className={styles.lead}>
        The rules are saved. The same question, asked of the server again:
      </p>
      <AnswerView exchange={exchange} onAgain={() => ask(exchange.question)} />
    </div>
  );
}
