import { useState } from 'react';
import type { CorsRule } from '../../../../shared/domain/aspects.ts';
import type { CorsQuestion, RuleOrder } from '../../../../shared/domain/cors/match.ts';
import {
  type CorsProposal,
  proposeCors,
} from '../../../../shared/domain/cors/propose.ts';
import { proposalText, proposalTitle } from '../../../../shared/messages/cors.en.ts';
import { Button } from '../../../components/button.tsx';
import { Disclosure } from '../../../components/disclosure.tsx';
import styles from './lab.module.css';

/** Other ways shown at most. */
const MOST_OTHERS = 5;

/** The smallest change of the rules that allows what is asked, and other ways. */
export function Proposals({
  rules,
  question,
  order,
  onTake,
}: {
  readonly rules: readonly CorsRule[];
  readonly question: CorsQuestion;
  readonly order: RuleOrder;
  readonly onTake: (proposal: CorsProposal) => void;
}) {
  const [open, setOpen] = useState(false);
  const [first, ...others] = proposeCors(rules, question, order);
  if (first === undefined) return null;
  return (
    <section className={styles.part} aria-label="What would allow it">
      <h3 className={styles.heading}>The smallest change that allows it</h3>
      <Proposal primary proposal={first} count={rules.length} onTake={onTake} />
      {others.length > 0 && (
        <Disclosure
          label={others.length === 1 ? 'Another way' : 'Other ways'}
          open={open}
          onChange={setOpen}
        >
          <div className={styles.others}>
            {others.slice(0, MOST_OTHERS).map((proposal) => (
              <Proposal
                key={`${proposal.kind}:${proposal.index}`}
                proposal={proposal}
                count={rules.length}
                onTake={onTake}
              />
            ))}
          </div>
        </Disclosure>
      )}
    </section>
  );
}

function Proposal({
  proposal,
  count,
  primary = false,
  onTake,
}: {
  readonly proposal: CorsProposal;
  readonly count: number;
  readonly primary?: boolean;
  readonly onTake: (proposal: CorsProposal) => void;
}) {
  return (
    <div className={styles.proposal}>
      <div className={styles.proposed}>
        <p className={styles.title}>{proposalTitle(proposal, count)}</p>
        <p className={styles.text}>{proposalText(proposal)}</p>
      </div>
      <Button variant={primary ? 'primary' : 'default'} onClick={() => onTake(proposal)}>
        {proposal.kind === 'add' ? 'Add This Rule' : `Extend Rule ${proposal.index + 1}`}
      </Button>
    </div>
  );
}
