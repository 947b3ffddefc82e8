import { type ClipboardEvent, useState } from 'react';
import { knownContentType } from '../../../../shared/domain/content-type.ts';
import { baseName } from '../../../../shared/domain/remote-path.ts';
import { useServices } from '../../../app/services.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { SuggestInput } from '../../../components/suggest-input.tsx';
import type { FormProps } from '../aspect-editor.ts';
import table from '../editor-table.module.css';
import { headerSuggestions } from './header-suggestions.ts';
import styles from './headers-form.module.css';
import {
  HEADER_FIELDS,
  type HeadersDraft,
  METADATA_PREFIX,
  MOST_METADATA_BYTES,
  metadataBytes,
  settledDate,
  withHeader,
  withMetadata,
  withMetadataRow,
  withoutMetadata,
} from './headers-model.ts';
import { MetadataTable } from './metadata-table.tsx';

/** The headers an object is served with, and its user metadata, as the HTTP they are. */
export function HeadersForm(props: FormProps<HeadersDraft>) {
  const { place, draft, onChange, problems, readOnly } = props;
  const { format } = useServices();
  const { notice, onPaste } = useOneLinePaste();
  const key = place.key ?? '';
  const byName = knownContentType(key);
  return (
    // What is pasted is looked at on its way into the fields.
    <div className={styles.form} onPasteCapture={onPaste}>
      <div className={styles.headers}>
        {HEADER_FIELDS.map(({ field, header, placeholder }) => {
          const value = draft.headers[field];
          return (
            <Field
              key={field}
              label={header}
              error={problems.get(field)}
              hint={
                field === 'contentType' &&
                byName !== '' &&
                byName !== value &&
                !readOnly ? (
                  <>
                    By its name it is {byName}.{' '}
                    <Button
                      variant="plain"
                      className={styles.use}
                      onClick={() => onChange((now) => withHeader(now, field, byName))}
                    >
                      Use That
                    </Button>
                  </>
                ) : undefined
              }
            >
              <SuggestInput
                value={value}
                disabled={readOnly}
                placeholder={placeholder}
                suggestions={headerSuggestions(field, baseName(key))}
                onChange={(next) => onChange((now) => withHeader(now, field, next))}
                {...(field === 'expires'
                  ? {
                      onBlur: () =>
                        onChange((now) =>
                          withHeader(now, field, settledDate(now.headers.expires)),
                        ),
                    }
                  : {})}
              />
            </Field>
          );
        })}
      </div>
      <div className={table.frame}>
        <h3 className={styles.heading}>Metadata</h3>
        <MetadataTable
          rows={draft.metadata}
          prefix={METADATA_PREFIX}
          problems={problems}
          readOnly={readOnly}
          empty="No metadata of your own."
          count={`${format.count(metadataBytes(draft.metadata))} of ${format.count(MOST_METADATA_BYTES)} bytes`}
          onType={(id, typed) => onChange((now) => withMetadata(now, id, typed))}
          onRemove={(id) => onChange((now) => withoutMetadata(now, id))}
          onAdd={() => onChange(withMetadataRow)}
        />
        <div aria-live="polite">
          {notice !== null && <p className={table.error}>{notice}</p>}
        </div>
      </div>
    </div>
  );
}

/**
 * Refuses pasted text of several lines: the browser would join the lines without a word,
 * and a line break in a header would begin another one.
 */
export function useOneLinePaste(): {
  readonly notice: string | null;
  readonly onPaste: (event: ClipboardEvent) => void;
} {
  const [notice, setNotice] = useState<string | null>(null);
  return {
    notice,
    onPaste: (event) => {
      const text = event.clipboardData.getData('text').replace(/[\r\n]+$/, '');
      const lines = /[\r\n]/.test(text);
      if (lines) event.preventDefault();
      setNotice(
        lines ? 'A header is one line: text of several lines was not pasted.' : null,
      );
    },
  };
}
