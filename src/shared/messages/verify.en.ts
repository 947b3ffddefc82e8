import type { VerifyOutcome, VerifyReason, VerifyRow } from '../domain/verify.ts';
import { checkName } from './integrity.en.ts';

/** Names of the outcomes of a verification. */
export const VERIFY_OUTCOMES: Readonly<Record<VerifyOutcome, string>> = {
  equal: 'Equal',
  different: 'Different',
  'only-here': 'Only here',
  'only-there': 'Only there',
  unclear: 'Not compared',
};

const REASONS: Readonly<Record<VerifyReason, string>> = {
  '': '',
  size: 'The sizes differ.',
  content: 'Same size, other content.',
  'no-checksum': 'The server gives no checksum to compare with.',
  'unknown-parts': 'It was uploaded in parts of unknown size.',
  encrypted: 'It is encrypted with a key of its own, which hides its checksum.',
  'object-changed': 'The object changed meanwhile.',
  'file-changed': 'The file changed meanwhile.',
  denied: 'These keys may not ask about it.',
  unreadable: 'The file cannot be read.',
  name: 'Its name cannot be a name here.',
  failed: 'The server could not be asked.',
};

/** Why, or by what: the last column of a verification. */
export function verifyDetail({ outcome, check, reason }: VerifyRow): string {
  if (outcome !== 'equal') return REASONS[reason];
  const name = checkName(check);
  return name === '' ? '' : `By ${name}`;
}
