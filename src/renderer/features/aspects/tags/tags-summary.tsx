import type { Tag } from '../../../../shared/domain/aspects.ts';
import { Fact, FactList } from '../../inspector/parts.tsx';
import styles from '../aspect-summary.module.css';

/** The tags of a place in the inspector. */
export function TagsSummary({ value }: { readonly value: readonly Tag[] }) {
  if (value.length === 0) return <p className={styles.note}>None.</p>;
  return (
    <FactList>
      {value.map((tag) => (
        <Fact key={tag.key} label={tag.key} value={tag.value === '' ? '–' : tag.value} />
      ))}
    </FactList>
  );
}
