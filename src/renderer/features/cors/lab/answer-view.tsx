import { refusals } from '../../../../shared/domain/cors/browser-view.ts';
import type { CorsQuestion } from '../../../../shared/domain/cors/match.ts';
import type { PreflightAnswer } from '../../../../shared/domain/exposure.ts';
import { refusalText } from '../../../../shared/messages/cors.en.ts';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { FailureBanner } from '../../../components/failure-banner.tsx';
import { Spinner } from '../../../components/spinner.tsx';
import styles from './lab.module.css';
import type { Exchange } from './lab-state.ts';

/** What the server said to a preflight: in words, and as the headers they are. */
export function AnswerView({
  exchange,
  note = '',
  onAgain,
}: {
  readonly exchange: Exchange;
  /** What else there is to know about the answer. */
  readonly note?: string;
  readonly onAgain: () => void;
}) {
  switch (exchange.state) {
    case 'asking':
      return (
        <div className={styles.asking}>
          <Spinner size={16} label="Asking the server" />
          <span>Asking the server…</span>
        </div>
      );
    case 'failed':
      return (
        <>
          <FailureBanner error={exchange.error} />
          <div>
            <Button onClick={onAgain}>Ask Again</Button>
          </div>
        </>
      );
    default:
      return (
        <>
          <InWords {...exchange} note={note} />
          <Headers answer={exchange.answer} />
        </>
      );
  }
}

function InWords({
  question,
  answer,
  note,
}: {
  readonly question: CorsQuestion;
  readonly answer: PreflightAnswer;
  readonly note: string;
}) {
  const reasons = refusals(answer, question);
  const { method, origin } = question;
  if (reasons.length === 0) {
    return (
      <Banner tone="success" title="The server lets the page in">
        <p>
          A browser sends {method} from {origin}.
        </p>
        {note !== '' && <p>{note}</p>}
      </Banner>
    );
  }
  return (
    <Banner tone="warning" title="The server refuses">
      {reasons.map((reason) => (
        <p key={reason.kind}>{refusalText(reason, question)}</p>
      ))}
      {note !== '' && <p>{note}</p>}
    </Banner>
  );
}

function Headers({ answer }: { readonly answer: PreflightAnswer }) {
  const lines: readonly (readonly [string, string])[] = [
    ['access-control-allow-origin', answer.allowOrigin],
    ['access-control-allow-methods', answer.allowMethods],
    ['access-control-allow-headers', answer.allowHeaders],
    ['access-control-expose-headers', answer.exposeHeaders],
    ['access-control-max-age', answer.maxAge],
    ['access-control-allow-credentials', answer.allowCredentials ? 'true' : ''],
  ];
  const sent = lines.filter(([, value]) => value !== '');
  return (
    <section className={styles.headers} aria-label="The answer">
      <p className={styles.status}>HTTP {answer.status}</p>
      {sent.map(([name, value]) => (
        <p key={name}>
          <span className={styles.name}>{name}:</span> {value}
        </p>
      ))}
      {sent.length === 0 && <p className={styles.name}>No access-control headers</p>}
    </section>
  );
}
