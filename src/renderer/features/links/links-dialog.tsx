import { useEffect, useRef, useState } from 'react';
import type { SignedLink } from '../../../shared/domain/exposure.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import type { RemoteItem } from '../../../shared/domain/listing.ts';
import type { AppError } from '../../../shared/errors/error.ts';
import { useServices } from '../../app/services.ts';
import { toAppError } from '../../bridge/api.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { FailureBanner } from '../../components/failure-banner.tsx';
import { inChunks } from '../browser/actions/items.ts';
import { gatherKeys } from './gather-keys.ts';
import { type LinkForm, linkFaults, linkOptions, NEW_LINK } from './link-form.ts';
import { LinkOptionFields } from './link-options.tsx';
import styles from './links.module.css';
import { ManyLinks } from './many-links.tsx';
import { OneLink } from './one-link.tsx';
import { useRevealed } from './use-revealed.ts';

/** Keys signed by one call: some 30 ms of the engine, between its other work. */
const KEYS_PER_CALL = 250;

/** Links that were made, and what for. */
interface Made {
  readonly form: LinkForm;
  readonly links: readonly SignedLink[];
  readonly cutOff: boolean;
}

/** Makes links that work without keys until they end: to an object, or to many. */
export function LinksDialog(props: {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  readonly items: readonly RemoteItem[];
  readonly onClose: () => void;
}) {
  const { connectionId, bucket, items, onClose } = props;
  const { api, newTaskId } = useServices();
  const [form, setForm] = useState(NEW_LINK);
  const [tried, setTried] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const closed = useRef(false);
  useEffect(() => {
    closed.current = false;
    return () => {
      closed.current = true;
    };
  }, []);

  const only = items.length === 1 && items[0]?.folder === false ? items[0] : null;
  const faults = linkFaults(form);
  const wrong = Object.keys(faults).length > 0;

  async function make(): Promise<Made> {
    const place = { connectionId, bucket };
    const { keys, cutOff } =
      only === null
        ? await gatherKeys(api, place, items, {
            newTaskId,
            stopped: () => closed.current,
          })
        : { keys: [only.key], cutOff: false };
    const options = linkOptions(form);
    const links: SignedLink[] = [];
    for (const batch of inChunks(keys, KEYS_PER_CALL)) {
      if (closed.current) break;
      links.push(...(await api.aspects.sign({ ...place, keys: [...batch], options })));
    }
    return { form, links, cutOff };
  }

  function submit(): void {
    setTried(true);
    if (wrong || busy) return;
    setBusy(true);
    setError(null);
    make()
      .then((result) => {
        if (!closed.current) setMade(result);
        return undefined;
      })
      .catch((reason: unknown) => setError(toAppError(reason)))
      .finally(() => setBusy(false));
  }

  const current = made?.form === form ? made : null;
  return (
    <Dialog
      open
      size="large"
      title={only === null ? 'Create Links' : 'Create Link'}
      description={<span className={styles.place}>{placeText(bucket, items)}</span>}
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{current === null ? 'Cancel' : 'Done'}</Button>
          {current === null && (
            <Button type="submit" variant="primary" disabled={busy}>
              {busy ? 'Creating…' : only === null ? 'Create Links' : 'Create Link'}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.body}>
        {only === null && items.some(({ folder }) => folder) && (
          <Banner tone="info" title="A folder itself has no link">
            S3 signs links to single objects. You get one for each object inside.
          </Banner>
        )}
        <LinkOptionFields
          form={form}
          faults={tried ? faults : {}}
          many={only === null}
          onChange={setForm}
        />
        {error !== null && <FailureBanner error={error} />}
        {current !== null && <Result made={current} single={only !== null} />}
      </div>
    </Dialog>
  );
}

function Result(props: { readonly made: Made; readonly single: boolean }) {
  const shown = useRevealed<HTMLDivElement>();
  // The button that made them is gone, and the focus with it: on to what comes next.
  useEffect(() => {
    shown.current?.querySelector('button')?.focus({ preventScroll: true });
  }, [shown]);
  return (
    <div ref={shown} className={styles.revealed}>
      <Links {...props} />
    </div>
  );
}

function Links({ made, single }: { readonly made: Made; readonly single: boolean }) {
  const [first] = made.links;
  if (first === undefined) {
    return (
      <Banner tone="warning" title="There is no object to link to">
        What is selected holds no objects.
      </Banner>
    );
  }
  const { method, contentType } = made.form;
  if (single) return <OneLink link={first} method={method} contentType={contentType} />;
  return (
    <ManyLinks
      links={made.links}
      cutOff={made.cutOff}
      method={method}
      contentType={contentType}
    />
  );
}

function placeText(bucket: string, items: readonly RemoteItem[]): string {
  const [first] = items;
  if (items.length === 1) return `s3://${bucket}/${first?.key ?? ''}`;
  return `s3://${bucket}: ${items.length} items`;
}
