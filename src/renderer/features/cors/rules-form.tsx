import { Globe, Plus } from 'lucide-react';
import { useState } from 'react';
import type { CorsProblem } from '../../../shared/domain/cors/check-rules.ts';
import { checkCors, MAX_RULES } from '../../../shared/domain/cors/check-rules.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import type { FormProps, Problems } from '../aspects/aspect-editor.ts';
import {
  type CorsDraft,
  type RuleRow,
  rulesOf,
  withChanged,
  withMoved,
  withoutRule,
  withRule,
} from './cors-draft.ts';
import styles from './cors-form.module.css';
import { PresetMenu } from './preset-menu.tsx';
import { RuleCard } from './rule-card.tsx';

/** Rules shown at most: far more than a bucket takes. */
const MOST_CARDS = 150;

/** Rules up to which all are unfolded at first. */
const FEW = 2;

/** The rules as forms, one under the other in the order they are asked. */
export function RulesForm({
  draft,
  onChange,
  problems,
  readOnly,
}: Pick<FormProps<CorsDraft>, 'draft' | 'onChange' | 'problems' | 'readOnly'>) {
  const { rows } = draft;
  // Rules that were there are folded when there are many; new ones are to be filled in.
  const [known] = useState(
    () => new Set(rows.length > FEW ? rows.map((row) => row.id) : []),
  );
  const [turned, setTurned] = useState<ReadonlyMap<number, boolean>>(new Map());
  const found = checkCors(rulesOf(draft));
  if (rows.length === 0) {
    return (
      <div className={styles.empty}>
        <EmptyState
          icon={<Globe size={38} strokeWidth={1.4} />}
          title="No CORS configuration"
          actions={
            readOnly ? undefined : (
              <>
                <PresetMenu onChange={onChange} />
                <Button
                  icon={<Plus size={14} aria-hidden="true" />}
                  onClick={() => onChange((now) => withRule(now))}
                >
                  Add Rule
                </Button>
              </>
            )
          }
        >
          Scripts of web pages reach nothing in this bucket: browsers ask first, and there
          is no rule that says yes.
        </EmptyState>
      </div>
    );
  }
  return (
    <>
      <ol className={styles.rules} aria-label="CORS rules">
        {rows.slice(0, MOST_CARDS).map((row, index) => (
          <RuleCard
            key={row.id}
            rule={row.rule}
            number={index + 1}
            last={index === rows.length - 1}
            readOnly={readOnly}
            open={turned.get(row.id) ?? !known.has(row.id)}
            problems={found.filter(
              (problem) => problem.rule === index && isSaid(problem, row, problems),
            )}
            onOpen={(open) => setTurned((now) => new Map(now).set(row.id, open))}
            onChange={(changes) => onChange((now) => withChanged(now, row.id, changes))}
            onMove={(by) => onChange((now) => withMoved(now, row.id, by))}
            onRemove={() => onChange((now) => withoutRule(now, row.id))}
          />
        ))}
      </ol>
      {rows.length > MOST_CARDS && (
        <p className={styles.note}>
          The other {rows.length - MOST_CARDS} rules are in the JSON and XML views.
        </p>
      )}
      {!readOnly && (
        <div className={styles.buttons}>
          <Button
            icon={<Plus size={14} aria-hidden="true" />}
            onClick={() => onChange((now) => withRule(now))}
          >
            Add Rule
          </Button>
          <span className={styles.note}>
            {rows.length} of {MAX_RULES}. The first rule that fits a request answers it.
          </span>
        </div>
      )}
    </>
  );
}

/** Errors that are said now: what is only missing is not, before one wants to save. */
function isSaid(problem: CorsProblem, row: RuleRow, problems: Problems): boolean {
  if (problem.severity === 'warning') return true;
  return problem.field !== null && problems.has(`${problem.field}:${row.id}`);
}
