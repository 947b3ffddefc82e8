import type { ObjectHeaders } from '../../../../shared/domain/aspects.ts';
import { Fact, FactList } from '../../inspector/parts.tsx';
import styles from '../aspect-summary.module.css';
import { headerEntries } from './headers-model.ts';

/** The headers of an object in the inspector. */
export function HeadersSummary({ value }: { readonly value: ObjectHeaders }) {
  const entries = headerEntries(value);
  if (entries.length === 0) return <p className={styles.note}>None.</p>;
  return (
    <FactList>
      {entries.map(([name, text]) => (
        <Fact key={name} label={name} value={text === '' ? '–' : text} />
      ))}
    </FactList>
  );
}
