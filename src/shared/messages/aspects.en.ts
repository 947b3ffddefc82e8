import type { AspectName, Unavailable } from '../domain/aspects.ts';
import { assertNever } from '../lib/assert-never.ts';

/** What the aspects are called in a sentence. */
export const ASPECT_WORDS: Readonly<Record<AspectName, string>> = {
  acl: 'access control lists',
  cors: 'CORS rules',
  tags: 'tags',
  headers: 'headers and metadata',
};

/** Why something cannot be read or changed, in words. */
export interface UnavailableText {
  readonly title: string;
  readonly explanation: string;
}

/** Words for why an aspect is not there, or cannot be changed. */
export function unavailableText(aspect: AspectName, why: Unavailable): UnavailableText {
  switch (why.reason) {
    case 'unsupported':
      return {
        title: `This server has no ${ASPECT_WORDS[aspect]}`,
        explanation:
          'It does not offer the function, or answers with something else. Nothing can be set here.',
      };
    case 'denied':
      return {
        title: 'These keys may not',
        explanation: `They lack ${why.action} on ${why.resource}. The owner of the bucket can allow it.`,
      };
    case 'acls-disabled':
      return {
        title: 'ACLs are switched off for this bucket',
        explanation:
          'Its owner chose “Bucket owner enforced”: the owner owns every object, and only policies decide who gets in. To use ACLs again, change Object Ownership of the bucket.',
      };
    default:
      return assertNever(why);
  }
}
