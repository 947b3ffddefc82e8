import { Autocomplete } from '@base-ui/react/autocomplete';
import { ChevronDown } from 'lucide-react';
import { classes } from './classes.ts';
import { useFieldControl } from './field.tsx';
import popup from './popup.module.css';
import styles from './suggest-input.module.css';
import inputStyles from './text-input.module.css';

/** A text that may be taken over into a {@link SuggestInput}. */
export interface Suggestion {
  readonly value: string;
  /** What it stands for, such as a city; searched as well. */
  readonly label: string;
}

/** Props of {@link SuggestInput}. */
export interface SuggestInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly suggestions: readonly Suggestion[];
  readonly placeholder?: string | undefined;
  readonly disabled?: boolean;
  /** Name, where no `Field` around it gives one. */
  readonly label?: string;
  readonly onBlur?: () => void;
}

/** A line of text with suggestions; anything else may be typed too. */
export function SuggestInput({
  value,
  onChange,
  suggestions,
  placeholder,
  disabled = false,
  label,
  onBlur,
}: SuggestInputProps) {
  const control = useFieldControl();
  return (
    <Autocomplete.Root
      items={suggestions}
      value={value}
      onValueChange={(next) => onChange(next)}
      itemToStringValue={(item: Suggestion) => item.value}
      filter={(item: Suggestion, query) => matches(item, query, suggestions)}
      openOnInputClick
      disabled={disabled}
    >
      <Autocomplete.InputGroup className={styles.frame}>
        <Autocomplete.Input
          spellCheck={false}
          autoComplete="off"
          {...control}
          {...(label === undefined ? {} : { 'aria-label': label })}
          placeholder={placeholder}
          onBlur={onBlur}
          className={classes(inputStyles.input, styles.input)}
        />
        {suggestions.length > 0 && (
          <Autocomplete.Trigger
            className={styles.trigger}
            aria-label="Show suggestions"
            tabIndex={-1}
          >
            <ChevronDown size={14} aria-hidden="true" />
          </Autocomplete.Trigger>
        )}
      </Autocomplete.InputGroup>
      <Autocomplete.Portal>
        <Autocomplete.Positioner className={popup.positioner} sideOffset={4}>
          <Autocomplete.Popup className={classes(popup.popup, styles.popup)}>
            <Autocomplete.List className={popup.list}>
              {(item: Suggestion) => (
                <Autocomplete.Item key={item.value} value={item} className={popup.item}>
                  <span className={styles.value}>{item.value}</span>
                  <span className={styles.label}>{item.label}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}

/** A value that is one of the suggestions shows all of them, to change one's mind. */
function matches(item: Suggestion, query: string, all: readonly Suggestion[]): boolean {
  const text = query.trim().toLowerCase();
  if (text === '' || all.some((other) => other.value === query)) return true;
  return `${item.value} ${item.label}`.toLowerCase().includes(text);
}
