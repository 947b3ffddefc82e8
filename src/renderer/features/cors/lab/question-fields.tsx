import { useState } from 'react';
import { CORS_METHODS } from '../../../../shared/domain/cors/check-rules.ts';
import {
  namesBucket,
  readConsoleError,
} from '../../../../shared/domain/cors/console-error.ts';
import { consoleText } from '../../../../shared/messages/cors.en.ts';
import { Checkbox } from '../../../components/checkbox.tsx';
import { Field } from '../../../components/field.tsx';
import { Select } from '../../../components/select.tsx';
import { TextArea } from '../../../components/text-area.tsx';
import { TextInput } from '../../../components/text-input.tsx';
import styles from './lab.module.css';
import { type AskedQuestion, filledFrom, useLab } from './lab-state.ts';

const METHODS = CORS_METHODS.map((method) => ({
  value: method as string,
  label: method,
}));

/** What a page wants to do: read out of a pasted error, or typed. */
export function QuestionFields({
  bucket,
  problems,
  onAsk,
}: {
  readonly bucket: string;
  readonly problems: AskedQuestion['problems'];
  readonly onAsk: () => void;
}) {
  const { lab, store } = useLab();
  const [wide, setWide] = useState(false);
  const reading = readConsoleError(lab.pasted);
  const isElsewhere =
    reading !== null && reading.url !== null && !namesBucket(reading.url, bucket);

  /** Enter asks the server; the sheet would go on to the review. */
  function onKeyDown(event: React.KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    onAsk();
  }

  const error =
    reading === null && lab.pasted.trim() !== ''
      ? 'Nothing in it is about CORS. Paste the browser’s whole message in English, or fill in the fields below.'
      : undefined;
  return (
    <div className={styles.fields}>
      <Field
        layout="top"
        label="Error of the browser’s console"
        {...(error === undefined ? {} : { warning: error })}
        hint={
          reading === null ? undefined : (
            <>
              {consoleText(reading)}
              {isElsewhere && (
                <span className={styles.elsewhere}>
                  {' '}
                  Its address does not name this bucket: is it about another one?
                </span>
              )}
            </>
          )
        }
      >
        <TextArea
          rows={wide || lab.pasted !== '' ? 4 : 2}
          wrap="soft"
          placeholder="Paste it here: Access to fetch at '…' from origin '…' has been blocked by CORS policy…"
          value={lab.pasted}
          onFocus={() => setWide(true)}
          onChange={(text) =>
            store.setState((now) => filledFrom(now, text, readConsoleError(text)))
          }
        />
      </Field>
      <div className={styles.asked}>
        <Field layout="top" label="Origin of the page" error={problems.origin}>
          <TextInput
            code
            onKeyDown={onKeyDown}
            placeholder="https://app.example.com"
            value={lab.origin}
            onChange={(origin) => store.setState({ origin, exchange: null })}
          />
        </Field>
        <Field layout="top" label="Method" error={problems.method}>
          <Select
            value={lab.method}
            options={METHODS}
            onChange={(method) => store.setState({ method, exchange: null })}
          />
        </Field>
        <Field layout="top" label="Headers it sends" error={problems.headers}>
          <TextInput
            code
            onKeyDown={onKeyDown}
            placeholder="content-type, x-amz-acl"
            value={lab.headers}
            onChange={(headers) => store.setState({ headers, exchange: null })}
          />
        </Field>
      </div>
      <Checkbox
        label="With cookies or other credentials"
        checked={lab.credentials}
        onChange={(credentials) => store.setState({ credentials, exchange: null })}
      />
    </div>
  );
}
