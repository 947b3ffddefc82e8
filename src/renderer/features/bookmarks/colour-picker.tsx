import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { BookmarkColour } from '../../../shared/domain/bookmark.ts';
import { useFieldControl } from '../../components/field.tsx';
import styles from './colour-picker.module.css';
import { COLOURS } from './colours.ts';

/** A dot in a bookmark's colour; a ring for none. */
export function ColourDot({ colour }: { readonly colour: BookmarkColour }) {
  return <span aria-hidden="true" data-colour={colour} className={styles.dot} />;
}

/** Props of {@link ColourPicker}. */
export interface ColourPickerProps {
  readonly value: BookmarkColour;
  readonly onChange: (colour: BookmarkColour) => void;
}

/** A row of colour marks. */
export function ColourPicker({ value, onChange }: ColourPickerProps) {
  const control = useFieldControl();
  return (
    <RadioGroup
      value={value}
      onValueChange={(next) => onChange(next)}
      aria-labelledby={control['aria-labelledby']}
      className={styles.row}
    >
      {COLOURS.map((colour) => (
        <Radio.Root
          key={colour.value}
          value={colour.value}
          aria-label={colour.label}
          title={colour.label}
          className={styles.choice}
        >
          <ColourDot colour={colour.value} />
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
