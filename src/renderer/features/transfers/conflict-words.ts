import type { ConflictPolicy } from '../../../shared/domain/transfer.ts';

/** Which way files go. */
export type Way = 'upload' | 'download';

/** A policy in words. */
export interface PolicyWords {
  readonly value: ConflictPolicy;
  readonly label: string;
  readonly hint: string;
}

/** Every policy, in the order in which it is offered; `ask` last. */
export function policyWords(way: Way): readonly PolicyWords[] {
  const there = way === 'upload' ? 'in the bucket' : 'on this computer';
  return [
    {
      value: 'overwrite',
      label: 'Overwrite',
      hint: `The one ${there} is replaced.`,
    },
    {
      value: 'newer',
      label: 'Overwrite if newer',
      hint: `Only what is older ${there} is replaced.`,
    },
    {
      value: 'different',
      label: 'Overwrite if different',
      hint: 'Only what differs in size, or in time and content, is replaced.',
    },
    {
      value: 'resume',
      label: 'Resume',
      hint:
        way === 'upload'
          ? 'What is uploaded already is left out; about the rest you are asked.'
          : 'Half files are gone on with, whole ones left out.',
    },
    { value: 'skip', label: 'Skip', hint: `The one ${there} stays as it is.` },
    {
      value: 'rename',
      label: 'Keep both, rename the new one',
      hint: 'It becomes “name 2”.',
    },
    {
      value: 'rename-existing',
      label: 'Keep both, rename the existing one',
      hint: `The one ${there} becomes “name 2”.`,
    },
  ];
}

/** The policy that leaves every decision to the user. */
export const ASK: PolicyWords = {
  value: 'ask',
  label: 'Decide for each',
  hint: 'You see both sides of every file.',
};
