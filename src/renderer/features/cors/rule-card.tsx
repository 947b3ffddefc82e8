import { ArrowDown, ArrowUp, ChevronRight, X } from 'lucide-react';
import { useId } from 'react';
import type { CorsRule } from '../../../shared/domain/aspects.ts';
import type { CorsProblem } from '../../../shared/domain/cors/check-rules.ts';
import type { RuleField } from '../../../shared/domain/cors/document.ts';
import { ruleText } from '../../../shared/messages/cors.en.ts';
import { classes } from '../../components/classes.ts';
import { Field } from '../../components/field.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { MethodChoice } from './method-choice.tsx';
import styles from './rule-card.module.css';
import { TextList } from './text-list.tsx';

/** Props of {@link RuleCard}. */
export interface RuleCardProps {
  readonly rule: CorsRule;
  /** From 1. */
  readonly number: number;
  readonly last: boolean;
  readonly open: boolean;
  readonly readOnly: boolean;
  /** What is wrong with it and to be said now. */
  readonly problems: readonly CorsProblem[];
  readonly onOpen: (open: boolean) => void;
  readonly onChange: (changes: Partial<CorsRule>) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** A rule as a form that folds into one line. */
export function RuleCard(props: RuleCardProps) {
  const { rule, number, open, readOnly, problems } = props;
  const id = useId();
  const wrong = problems.some(({ severity }) => severity === 'error');
  return (
    <li className={styles.card} aria-label={`Rule ${number}`}>
      <div className={styles.head}>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => props.onOpen(!open)}
        >
          <ChevronRight
            size={14}
            aria-hidden="true"
            className={classes(styles.arrow, open && styles.turned)}
          />
          <span className={styles.number}>Rule {number}</span>
          <span className={styles.summary}>
            {open ? rule.id : [rule.id, ruleText(rule)].filter(Boolean).join(': ')}
          </span>
          {wrong && !open && <span className={styles.flag}>Needs attention</span>}
        </button>
        {!readOnly && (
          <>
            <IconButton
              size="small"
              label={`Move rule ${number} up`}
              icon={<ArrowUp size={14} aria-hidden="true" />}
              disabled={number === 1}
              onClick={() => props.onMove(-1)}
            />
            <IconButton
              size="small"
              label={`Move rule ${number} down`}
              icon={<ArrowDown size={14} aria-hidden="true" />}
              disabled={props.last}
              onClick={() => props.onMove(1)}
            />
            <IconButton
              size="small"
              label={`Remove rule ${number}`}
              icon={<X size={14} aria-hidden="true" />}
              onClick={props.onRemove}
            />
          </>
        )}
      </div>
      {open && (
        <div id={id} className={styles.fields}>
          <Fields {...props} />
        </div>
      )}
    </li>
  );
}

function Fields({ rule, readOnly, problems, onChange }: RuleCardProps) {
  return (
    <>
      <Field
        layout="top"
        label="Origins"
        hint="The pages that may ask, one on each line."
        {...said(problems, 'origins')}
      >
        <TextList
          placeholder="https://app.example.com"
          readOnly={readOnly}
          values={rule.origins}
          onChange={(origins) => onChange({ origins })}
        />
      </Field>
      <div className={styles.stack}>
        <Field layout="top" label="Methods" {...said(problems, 'methods')}>
          <MethodChoice
            methods={rule.methods}
            readOnly={readOnly}
            onChange={(methods) => onChange({ methods })}
          />
        </Field>
        <div className={styles.short}>
          <Field layout="top" label="Max age (seconds)" {...said(problems, 'maxAge')}>
            <TextInput
              inputMode="numeric"
              placeholder="None"
              readOnly={readOnly}
              value={rule.maxAge === null ? '' : String(rule.maxAge)}
              onChange={(text) => {
                const age = ageOf(text);
                if (age !== undefined) onChange({ maxAge: age });
              }}
            />
          </Field>
          <Field layout="top" label="ID" {...said(problems, 'id')}>
            <TextInput
              placeholder="None"
              readOnly={readOnly}
              value={rule.id}
              onChange={(id) => onChange({ id })}
            />
          </Field>
        </div>
      </div>
      <Field
        layout="top"
        label="Allowed headers"
        hint="What requests may carry; * for any."
        {...said(problems, 'headers')}
      >
        <TextList
          placeholder="content-type"
          readOnly={readOnly}
          values={rule.headers}
          onChange={(headers) => onChange({ headers })}
        />
      </Field>
      <Field
        layout="top"
        label="Exposed headers"
        hint="What scripts may read of answers, such as ETag."
        {...said(problems, 'exposed')}
      >
        <TextList
          placeholder="ETag"
          readOnly={readOnly}
          values={rule.exposed}
          onChange={(exposed) => onChange({ exposed })}
        />
      </Field>
    </>
  );
}

/** Seconds as typed; `undefined`: other characters than digits, which are not taken. */
function ageOf(text: string): number | null | undefined {
  const digits = text.trim();
  if (digits === '') return null;
  return /^\d{1,12}$/.test(digits) ? Number(digits) : undefined;
}

/** The first thing to say of a field. */
function said(
  problems: readonly CorsProblem[],
  field: RuleField,
): { readonly error?: string; readonly warning?: string } {
  const here = problems.filter((problem) => problem.field === field);
  const error = here.find(({ severity }) => severity === 'error');
  if (error !== undefined) return { error: error.message };
  const [warning] = here;
  return warning === undefined ? {} : { warning: warning.message };
}
