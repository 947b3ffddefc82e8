import { Check, Minus, X } from 'lucide-react';
import type { CorsRule } from '../../../../shared/domain/aspects.ts';
import {
  type CorsQuestion,
  explainCors,
  type RuleOrder,
  type RuleVerdict,
} from '../../../../shared/domain/cors/match.ts';
import { reasonText } from '../../../../shared/messages/cors.en.ts';
import { classes } from '../../../components/classes.ts';
import styles from './lab.module.css';

/** What the rules say to a question: which one allows it, and why the others do not. */
export function VerdictList({
  rules,
  question,
  order,
}: {
  readonly rules: readonly CorsRule[];
  readonly question: CorsQuestion;
  readonly order: RuleOrder;
}) {
  const verdict = explainCors(rules, question, order);
  const { winner, refusedForCredentials } = verdict;
  return (
    <section className={styles.part} aria-label="What the rules say">
      <h3 className={styles.heading}>
        {rules.length === 0
          ? 'There are no rules, so nothing is allowed'
          : winner === null
            ? 'No rule allows it'
            : refusedForCredentials
              ? `Rule ${winner + 1} answers with *, which does not do with credentials`
              : `Rule ${winner + 1} allows it`}
      </h3>
      {order === 'first-origin' && (
        <p className={styles.lead}>
          By its answers this server asks the first rule whose origin fits, and no other
          one.
        </p>
      )}
      {rules.length > 0 && (
        <ol className={styles.verdicts}>
          {verdict.rules.map((each, index) => (
            // The order is what makes them what they are.
            <li key={index} className={styles.verdict}>
              <Sign verdict={each} />
              <span className={styles.rule}>
                Rule {index + 1}
                {rules[index]?.id === '' ? '' : ` (${rules[index]?.id ?? ''})`}
              </span>
              <span className={styles.why}>
                {each.kind === 'wins' &&
                  (refusedForCredentials
                    ? 'It fits and is asked first. Browsers want the origin by its name.'
                    : 'It fits, and is the first to do so.')}
                {each.kind === 'too-late' && 'It fits too, but is not asked any more.'}
                {each.kind === 'misses' &&
                  each.reasons.map((reason) => reasonText(reason, question)).join(' ')}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Sign({ verdict }: { readonly verdict: RuleVerdict }) {
  const Icon = { wins: Check, 'too-late': Minus, misses: X }[verdict.kind];
  const tone = { wins: styles.yes, 'too-late': styles.late, misses: styles.no };
  return (
    <span className={classes(styles.sign, tone[verdict.kind])} aria-hidden="true">
      <Icon size={13} strokeWidth={2.6} />
    </span>
  );
}
