import type { CorsRule } from '../../../shared/domain/aspects.ts';
import { wordsOf } from '../../../shared/messages/cors.en.ts';
import styles from './cors-summary.module.css';

/** Rules named in the inspector; the others are counted. */
const MOST_SHOWN = 4;

/** The CORS rules of a bucket in the inspector: who may do what. */
export function CorsSummary({ value }: { readonly value: readonly CorsRule[] }) {
  if (value.length === 0) {
    return <p className={styles.note}>None: scripts of web pages reach nothing here.</p>;
  }
  const more = value.length - MOST_SHOWN;
  return (
    <ol className={styles.rules}>
      {value.slice(0, MOST_SHOWN).map((rule, index) => (
        // Rules have no names of their own, and two may be equal.
        <li key={index} className={styles.rule}>
          <span className={styles.methods}>{rule.methods.join(', ')}</span>
          <span className={styles.origins}>
            from {rule.origins.includes('*') ? 'any origin' : wordsOf(rule.origins)}
          </span>
        </li>
      ))}
      {more > 0 && (
        <li className={styles.note}>
          and {more} more {more === 1 ? 'rule' : 'rules'}
        </li>
      )}
    </ol>
  );
}
