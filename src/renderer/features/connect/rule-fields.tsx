import { Plus, X } from 'lucide-react';
import type { UploadAcl } from '../../../shared/domain/bookmark.ts';
import { JUNK_EXAMPLES } from '../../../shared/domain/junk.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { Menu } from '../../components/menu.tsx';
import { Select, type SelectOption } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import type { FormControl } from './form-control.ts';
import { UPLOAD_ACLS } from './options.ts';
import styles from './rule-fields.module.css';
import {
  RULE_PRESETS,
  type RuleEffect,
  type RuleForm,
  ruleProblem,
} from './rule-form.ts';

const EFFECTS: readonly SelectOption<RuleEffect>[] = [
  { value: 'exclude', label: 'Leave out', hint: 'Not uploaded at all.' },
  { value: 'contentType', label: 'Content type', hint: 'In place of the usual one.' },
  { value: 'cacheControl', label: 'Cache-Control', hint: 'How long browsers keep it.' },
  { value: 'storageClass', label: 'Storage class', hint: 'As the provider calls it.' },
  { value: 'acl', label: 'ACL', hint: 'Who may open it.' },
  { value: 'encryption', label: 'Encrypt', hint: 'With the server’s own keys (AES256).' },
  { value: 'kms', label: 'Encrypt with KMS', hint: 'With a key of a key service.' },
];

const PLACEHOLDERS: Readonly<Partial<Record<RuleEffect, string>>> = {
  contentType: 'text/html; charset=utf-8',
  cacheControl: 'max-age=3600',
  storageClass: 'STANDARD_IA',
  kms: 'Key id; empty: the usual key',
};

/** What is left out of uploads, and what the uploaded files get, by pattern. */
export function RuleFields({ control }: { readonly control: FormControl }) {
  const { form, change } = control;
  const { rules } = form;

  function setRules(update: (rules: readonly RuleForm[]) => readonly RuleForm[]): void {
    change((current) => ({ ...current, rules: update(current.rules) }));
  }
  function add(added: readonly Omit<RuleForm, 'id'>[]): void {
    setRules((current) => {
      const last = Math.max(0, ...current.map(({ id }) => id));
      return [
        ...current,
        ...added.map((rule, index) => ({ ...rule, id: last + 1 + index })),
      ];
    });
  }

  return (
    <div className={styles.rules}>
      <Checkbox
        label="Leave out what systems and programs leave behind"
        hint={`Such as ${JUNK_EXAMPLES}. How many there were is told after the upload.`}
        checked={form.excludeJunk}
        onChange={(excludeJunk) => change((current) => ({ ...current, excludeJunk }))}
      />
      {rules.length > 0 && (
        <ul className={styles.table} aria-label="Rules">
          {rules.map((rule, index) => (
            <Rule
              key={rule.id}
              rule={rule}
              number={index + 1}
              showsAll={control.errors[`rule:${rule.id}`] !== undefined}
              onChange={(changes) =>
                setRules((current) =>
                  current.map((each) =>
                    each.id === rule.id ? { ...each, ...changes } : each,
                  ),
                )
              }
              onRemove={() =>
                setRules((current) => current.filter(({ id }) => id !== rule.id))
              }
            />
          ))}
        </ul>
      )}
      <div className={styles.buttons}>
        <Button
          icon={<Plus size={14} aria-hidden="true" />}
          onClick={() => add([{ pattern: '', effect: 'exclude', value: '' }])}
        >
          Add Rule
        </Button>
        <Menu
          trigger={<Button hasMenu>Presets</Button>}
          items={RULE_PRESETS.map((preset) => ({
            kind: 'item',
            id: preset.label,
            label: preset.label,
            onSelect: () => add(preset.rules),
          }))}
        />
      </div>
      <p className={styles.help}>
        *.html is about names in any folder, assets/** about a folder and what is in it,
        /old/** only at the bucket’s top. All rules that fit count; a lower one wins.
      </p>
    </div>
  );
}

function Rule(props: {
  readonly rule: RuleForm;
  readonly number: number;
  /** Also what was not typed yet is wrong. */
  readonly showsAll: boolean;
  readonly onChange: (changes: Partial<RuleForm>) => void;
  readonly onRemove: () => void;
}) {
  const { rule, number, onChange } = props;
  const problem = ruleProblem(rule);
  // What is not typed yet is no mistake until one wants to save.
  const isNew = rule.pattern === '' || (rule.value === '' && takesText(rule.effect));
  const shown = problem !== null && (props.showsAll || !isNew) ? problem : null;
  const errorId = `rule-${rule.id}-error`;
  const wrong =
    shown === null ? {} : { 'aria-invalid': true as const, 'aria-describedby': errorId };
  return (
    <li className={styles.row}>
      <div className={styles.cells}>
        <TextInput
          {...wrong}
          code
          aria-label={`Pattern of rule ${number}`}
          placeholder="*.html"
          value={rule.pattern}
          onChange={(pattern) => onChange({ pattern })}
        />
        <Select
          label={`What rule ${number} does`}
          className={styles.effect ?? ''}
          value={rule.effect}
          options={EFFECTS}
          onChange={(effect) =>
            onChange({ effect, value: effect === 'acl' ? 'public-read' : '' })
          }
        />
        {rule.effect === 'acl' && (
          <Select
            label={`ACL of rule ${number}`}
            className={styles.value ?? ''}
            value={rule.value as UploadAcl}
            options={UPLOAD_ACLS}
            onChange={(value) => onChange({ value })}
          />
        )}
        {takesText(rule.effect) && (
          <TextInput
            {...wrong}
            aria-label={`Value of rule ${number}`}
            placeholder={PLACEHOLDERS[rule.effect]}
            className={styles.value}
            value={rule.value}
            onChange={(value) =>
              onChange({
                value: rule.effect === 'storageClass' ? value.toUpperCase() : value,
              })
            }
          />
        )}
        {rule.effect !== 'acl' && !takesText(rule.effect) && <span />}
        <IconButton
          size="small"
          label={`Remove rule ${number}`}
          icon={<X size={14} aria-hidden="true" />}
          onClick={props.onRemove}
        />
      </div>
      <div aria-live="polite">
        {shown !== null && (
          <p id={errorId} className={styles.error}>
            {shown}
          </p>
        )}
      </div>
    </li>
  );
}

function takesText(effect: RuleEffect): boolean {
  return PLACEHOLDERS[effect] !== undefined;
}
