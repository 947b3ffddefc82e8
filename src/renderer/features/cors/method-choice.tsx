import { CORS_METHODS } from '../../../shared/domain/cors/check-rules.ts';
import { Checkbox } from '../../components/checkbox.tsx';
import styles from './rule-card.module.css';

const KNOWN: readonly string[] = CORS_METHODS;

/** The methods a rule allows, as boxes to tick; others it has can be unticked. */
export function MethodChoice({
  methods,
  onChange,
  readOnly,
}: {
  readonly methods: readonly string[];
  readonly onChange: (methods: string[]) => void;
  readonly readOnly: boolean;
}) {
  const others = methods.filter((method) => !KNOWN.includes(method));
  return (
    <div className={styles.methods}>
      {[...KNOWN, ...new Set(others)].map((method) => (
        <Checkbox
          key={method}
          label={method}
          checked={methods.includes(method)}
          disabled={readOnly}
          onChange={(checked) =>
            onChange(
              checked ? [...methods, method] : methods.filter((each) => each !== method),
            )
          }
        />
      ))}
    </div>
  );
}
