import { useEffect, useState } from 'react';
import type { Place } from '../../../../shared/domain/aspects.ts';
import { refusals } from '../../../../shared/domain/cors/browser-view.ts';
import { Button } from '../../../components/button.tsx';
import { AnswerView } from './answer-view.tsx';
import styles from './lab.module.css';
import { type Exchange, useLab } from './lab-state.ts';
import { usePreflight } from './use-preflight.ts';

/** After a save: what was asked in the lab is asked of the server again. */
export function LabAfter({
  place,
  onEdit,
}: {
  readonly place: Place;
  readonly onEdit: () => void;
}) {
  const { lab, store } = useLab();
  const ask = usePreflight(place, store);
  useEffect(() => {
    const { exchange } = store.getState();
    if (exchange !== null) ask(exchange.question);
  }, [ask, store]);
  // What was said before the save is no answer to what was saved.
  const [before] = useState(() => store.getState().exchange);
  if (lab.exchange === null) return null;
  const exchange: Exchange =
    lab.exchange === before
      ? { state: 'asking', question: lab.exchange.question }
      : lab.exchange;
  const isRefused =
    exchange.state === 'answered' &&
    refusals(exchange.answer, exchange.question).length > 0;
  return (
    <div className={styles.lab}>
      <p className={styles.lead}>
        The rules are saved. The same question, asked of the server again:
      </p>
      <AnswerView exchange={exchange} onAgain={() => ask(exchange.question)} />
      {isRefused && (
        <div className={styles.buttons}>
          <Button onClick={() => ask(exchange.question)}>Ask Again</Button>
          <Button onClick={onEdit}>Back to the Lab</Button>
        </div>
      )}
    </div>
  );
}
