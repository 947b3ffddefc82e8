import type { Requester } from '../s3/requester.ts';
import { readAcl, writeAcl, writeCannedAcl } from './acl-calls.ts';
import type { AspectCalls } from './aspect-calls.ts';
import { accessBlock, ownership, policyIsPublic } from './bucket-facts.ts';
import { readCors, writeCors } from './cors-calls.ts';
import { readHeaders } from './header-calls.ts';
import { rewriteHeaders } from './rewrite-headers.ts';
import { readTags, writeTags } from './tag-calls.ts';

/**
 * The calls over @aws-sdk/client-s3. Only ever imported when the first of them is made: the
 * SDK takes 30 MiB and 80 ms to load.
 */
export function createAspectCalls(requester: Requester): AspectCalls {
  return {
    readAcl: (input) => readAcl(requester, input),
    writeAcl: (input) => writeAcl(requester, input),
    writeCannedAcl: (input) => writeCannedAcl(requester, input),
    readCors: (input) => readCors(requester, input),
    writeCors: (input) => writeCors(requester, input),
    readTags: (input) => readTags(requester, input),
    writeTags: (input) => writeTags(requester, input),
    readHeaders: (input) => readHeaders(requester, input),
    rewriteHeaders: (input) => rewriteHeaders(requester, input),
    ownership: (input) => ownership(requester, input),
    accessBlock: (input) => accessBlock(requester, input),
    policyIsPublic: (input) => policyIsPublic(requester, input),
  };
}
