import type { AnonymousAnswer } from '../../../shared/domain/exposure.ts';

/** A signed link for a download or an upload, or an address without a signature. */
export type LinkKind = 'download' | 'upload' | 'plain';

/** What trying a link came to, in words. */
export function testAnswerText(
  { status, code }: AnonymousAnswer,
  kind: LinkKind,
): { readonly works: boolean; readonly text: string } {
  if (status === null) {
    return {
      works: false,
      text: 'There was no answer: the server could not be reached.',
    };
  }
  if (status === 100) {
    return {
      works: true,
      text: 'The server would take a file now. None was sent, nothing was changed.',
    };
  }
  if (status >= 200 && status < 300 && kind !== 'upload') {
    return {
      works: true,
      text: `It was asked for without keys, and the server answered HTTP ${status}.`,
    };
  }
  const said = `The server answered HTTP ${status}${code === '' ? '' : ` (${code})`}`;
  return { works: false, text: `${said}. ${reason(status, code, kind)}` };
}

function reason(status: number, code: string, kind: LinkKind): string {
  switch (code) {
    case 'NoSuchKey':
      return 'There is no object of this name any more.';
    case 'SignatureDoesNotMatch':
      return 'Something between here and the server changes requests, or the address was altered.';
    case 'ExpiredToken':
      return 'The temporary keys it was signed with have ended.';
    case 'RequestTimeTooSkewed':
      return 'The clock of this computer or the server’s is wrong.';
    default:
      break;
  }
  if (status === 403) {
    if (kind === 'plain') return 'It is not public.';
    const may = kind === 'upload' ? 'write' : 'read';
    return `A link does what its keys may do: these keys may not ${may} this object, or the link has ended.`;
  }
  if (status === 404) return 'There is no object of this name.';
  if (status >= 500) return 'The server has trouble of its own; try again in a while.';
  return 'The link does not work as it is.';
}
