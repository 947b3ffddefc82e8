import { useEffect, useRef, useState } from 'react';
import type { AnonymousAnswer } from '../../../shared/domain/exposure.ts';
import { useServices } from '../../app/services.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import styles from './links.module.css';
import { type LinkKind, testAnswerText } from './test-answer.ts';
import { useRevealed } from './use-revealed.ts';

/** Links that are tested at a time. */
const AT_ONCE = 4;
/** Answers that are listed one by one. */
const MOST_LINES = 100;

/** A link to be tested, under the name its answer is shown with. */
export interface TestedLink {
  readonly name: string;
  readonly url: string;
}

interface Tested {
  readonly link: TestedLink;
  readonly answer: AnonymousAnswer;
}

/** Props of {@link LinkTest}. */
export interface LinkTestProps {
  /** `Test Link`, for example. */
  readonly label: string;
  readonly links: readonly TestedLink[];
  readonly kind: LinkKind;
  /** The type an upload link was signed for. */
  readonly contentType?: string;
}

/**
 * Tries links as a stranger would, and says of each what came: its first byte, or whether
 * the server would take a file. Give it another `key` when the links change.
 */
export function LinkTest({ label, links, kind, contentType = '' }: LinkTestProps) {
  const { api, reportError } = useServices();
  const [tested, setTested] = useState<readonly Tested[] | null>(null);
  const [busy, setBusy] = useState(false);
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);

  async function run(): Promise<void> {
    const answers: Tested[] = [];
    const waiting = links.values();
    const upload = kind === 'upload' ? { upload: { contentType } } : {};
    const work = async (): Promise<void> => {
      for (const link of waiting) {
        if (!shown.current) return;
        const answer = await api.aspects.testLink({ url: link.url, ...upload });
        answers.push({ link, answer });
        if (shown.current) setTested([...answers]);
      }
    };
    setBusy(true);
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } catch (error) {
      reportError(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Button disabled={busy} onClick={() => void run()}>
        {busy ? 'Testing…' : label}
      </Button>
      {tested !== null && !busy && <Outcome tested={tested} kind={kind} />}
    </>
  );
}

/** What came of one link in words; of several those that do not work, all of a few. */
function Outcome(props: { readonly tested: readonly Tested[]; readonly kind: LinkKind }) {
  const { format } = useServices();
  const { tested, kind } = props;
  const shown = useRevealed<HTMLDivElement>();
  const said = tested.map(({ link, answer }) => ({
    link,
    ...testAnswerText(answer, kind),
  }));
  const [first] = said;
  if (first === undefined) return null;
  const failed = said.filter(({ works }) => !works);
  if (said.length === 1) {
    return (
      <div ref={shown} className={styles.answer}>
        <Banner
          tone={first.works ? 'success' : 'warning'}
          title={`The ${kind === 'plain' ? 'address' : 'link'} ${first.works ? 'works' : 'does not work'}`}
        >
          {first.text}
        </Banner>
      </div>
    );
  }
  const listed = kind === 'plain' ? said : failed;
  return (
    <div ref={shown} className={styles.answer}>
      <Banner
        tone={failed.length === 0 ? 'success' : 'warning'}
        title={
          failed.length === 0
            ? `All ${format.count(said.length)} work`
            : `${format.count(failed.length)} of ${format.count(said.length)} do not work`
        }
      >
        {listed.slice(0, MOST_LINES).map(({ link, text }) => (
          <span key={link.name} className={styles.answerLine}>
            <b>{link.name}</b>: {text}
          </span>
        ))}
      </Banner>
    </div>
  );
}
