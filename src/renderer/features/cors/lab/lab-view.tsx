import { useEffect } from 'react';
import type { CorsRule } from '../../../../shared/domain/aspects.ts';
import { refusals } from '../../../../shared/domain/cors/browser-view.ts';
import { sameRules } from '../../../../shared/domain/cors/document.ts';
import {
  explainCors,
  isAllowed,
  orderToldBy,
  type RuleOrder,
} from '../../../../shared/domain/cors/match.ts';
import {
  type CorsProposal,
  withProposal,
} from '../../../../shared/domain/cors/propose.ts';
import { Button } from '../../../components/button.tsx';
import type { FormProps } from '../../aspects/aspect-editor.ts';
import { type CorsDraft, rulesOf, withRule, withRules } from '../cors-draft.ts';
import { AnswerView } from './answer-view.tsx';
import styles from './lab.module.css';
import { type Exchange, questionOf, useLab } from './lab-state.ts';
import { Proposals } from './proposals.tsx';
import { QuestionFields } from './question-fields.tsx';
import { usePreflight } from './use-preflight.ts';
import { VerdictList } from './verdict-list.tsx';

/** Tries a request of a page: on the rules as they are edited, and on the server. */
export function LabView({ place, draft, onChange, readOnly }: FormProps<CorsDraft>) {
  const { lab, store } = useLab();
  const send = usePreflight(place, store);
  const { question, problems } = questionOf(lab);
  const rules = rulesOf(draft);
  const { exchange } = lab;
  const order = orderOf(exchange, draft.saved) ?? lab.order;
  useEffect(() => store.setState({ order }), [store, order]);

  function ask(): void {
    if (question === null) store.setState({ complained: true });
    else send(question);
  }

  function take(proposal: CorsProposal): void {
    onChange((now) =>
      proposal.kind === 'add'
        ? withRule(now, proposal.rule, proposal.index)
        : withRules(now, withProposal(rulesOf(now), proposal)),
    );
  }

  return (
    <div className={styles.lab}>
      <QuestionFields bucket={place.bucket} problems={problems} onAsk={ask} />
      <div className={styles.sides}>
        {question !== null && (
          <VerdictList rules={rules} question={question} order={order} />
        )}
        <section className={styles.part} aria-label="What the server says">
          <div className={styles.server}>
            <h3 className={styles.heading}>The server</h3>
            <Button busy={exchange?.state === 'asking'} onClick={ask}>
              Send the Preflight
            </Button>
          </div>
          {exchange === null ? (
            <p className={styles.lead}>
              Asks what a browser would ask before the request. It changes nothing.
            </p>
          ) : (
            <AnswerView
              exchange={exchange}
              note={noteOf(exchange, draft, order)}
              onAgain={ask}
            />
          )}
        </section>
      </div>
      {question !== null && !readOnly && (
        <Proposals rules={rules} question={question} order={order} onTake={take} />
      )}
    </div>
  );
}

/** What an answer tells of the order in which the server asks its rules. */
function orderOf(
  exchange: Exchange | null,
  saved: readonly CorsRule[],
): RuleOrder | null {
  if (exchange?.state !== 'answered') return null;
  const { question, answer } = exchange;
  return orderToldBy(saved, question, refusals(answer, question).length === 0);
}

/** Where the server's answer is not what its rules say. */
function noteOf(exchange: Exchange, draft: CorsDraft, order: RuleOrder): string {
  if (exchange.state !== 'answered') return '';
  const { question, answer } = exchange;
  const expected = isAllowed(explainCors(draft.saved, question, order));
  const allowed = refusals(answer, question).length === 0;
  if (expected && !allowed) {
    return 'By the saved rules it should be allowed. Some servers need a moment after a save.';
  }
  if (!expected && allowed) {
    return 'By the saved rules it should not: the server, or something before it, has rules of its own.';
  }
  return sameRules(rulesOf(draft), draft.saved)
    ? ''
    : 'It does not know yet what you have not saved.';
}
