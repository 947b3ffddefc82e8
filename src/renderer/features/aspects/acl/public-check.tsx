import { Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Place } from '../../../../shared/domain/aspects.ts';
import type { AnonymousAnswer, Exposure } from '../../../../shared/domain/exposure.ts';
import type { AppError } from '../../../../shared/errors/error.ts';
import { useServices } from '../../../app/services.ts';
import { toAppError } from '../../../bridge/api.ts';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { FailureBanner } from '../../../components/failure-banner.tsx';
import { Spinner } from '../../../components/spinner.tsx';
import styles from './public-check.module.css';
import { whyNotPublic } from './why-not-public.ts';

/** What came of asking. */
interface Found {
  /** Without keys, of an object; `null`: a bucket, which nobody fetches. */
  readonly answer: AnonymousAnswer | null;
  /** Asked where the answer was no. */
  readonly exposure: Exposure | null;
}

/** Asks as a stranger would, after something was made public, and says how it went. */
export function PublicCheck({ place }: { readonly place: Place }) {
  const { api } = useServices();
  const { connectionId, bucket, key } = place;
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    let current = true;
    const ask = async (): Promise<Found> => {
      const answer =
        key === null ? null : await api.aspects.anonymous({ connectionId, bucket, key });
      if (answer !== null && isOpen(answer)) return { answer, exposure: null };
      const exposure = await api.aspects.exposure({ connectionId, bucket, key });
      return { answer, exposure };
    };
    ask()
      .then((result) => {
        if (current) setFound(result);
        return undefined;
      })
      .catch((reason: unknown) => {
        if (current) setError(toAppError(reason));
      });
    return () => {
      current = false;
    };
  }, [api, connectionId, bucket, key]);

  if (error !== null) {
    return (
      <>
        <p>The change is saved. Whether it counts could not be found out:</p>
        <FailureBanner error={error} />
      </>
    );
  }
  if (found === null) {
    return (
      <div className={styles.asking}>
        <Spinner size={18} />
        <output>Saved. Asking for it without keys, as a stranger would…</output>
      </div>
    );
  }
  return <Answer found={found} />;
}

function Answer({ found: { answer, exposure } }: { readonly found: Found }) {
  if (answer !== null && isOpen(answer)) {
    return (
      <>
        <Banner tone="success" title="Yes, everyone can open it">
          It was asked for without keys, and the server answered HTTP {answer.status}.
        </Banner>
        <Address url={answer.url} />
      </>
    );
  }
  if (answer === null) {
    if (exposure?.verdict === 'public-acl' || exposure?.verdict === 'public') {
      return (
        <Banner tone="success" title="The bucket is public">
          Everyone can list it. Its objects keep lists of their own.
        </Banner>
      );
    }
    return (
      <Banner tone="warning" title="Saved, but the bucket is not public">
        {exposure === null ? '' : whyNotPublic(exposure)}
      </Banner>
    );
  }
  return (
    <>
      <Banner tone="warning" title="Saved, but strangers still do not get in">
        <p>
          {answer.status === null
            ? 'There was no answer to a request without keys.'
            : `A request without keys was answered with HTTP ${answer.status}${answer.code === '' ? '' : ` (${answer.code})`}.`}
        </p>
        {exposure !== null && answer.status !== null && <p>{whyNotPublic(exposure)}</p>}
      </Banner>
      <Address url={answer.url} />
    </>
  );
}

function Address({ url }: { readonly url: string }) {
  const { api, toasts, reportError } = useServices();
  return (
    <div className={styles.address}>
      <code className={styles.url}>{url}</code>
      <Button
        icon={<Copy size={14} aria-hidden="true" />}
        onClick={() => {
          api.app
            .copyText({ text: url })
            .then(() => toasts.show({ tone: 'success', title: 'Copied the URL' }))
            .catch(reportError);
        }}
      >
        Copy URL
      </Button>
    </div>
  );
}

function isOpen({ status }: AnonymousAnswer): boolean {
  return status !== null && status >= 200 && status < 300;
}
