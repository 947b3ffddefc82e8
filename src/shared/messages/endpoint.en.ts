import type { EndpointNote, EndpointProblem } from '../domain/endpoint.ts';
import type { AddressProblem } from '../domain/remote-path.ts';
import { assertNever } from '../lib/assert-never.ts';

const PROBLEMS: Readonly<Record<EndpointProblem, string>> = {
  empty: 'Enter the address of the server.',
  'too-long': 'This is too long for a server address.',
  placeholder:
    'Replace the placeholder in braces with your own value, such as the account ID.',
  scheme: 'Only http:// and https:// addresses work.',
  host: 'This is not a server address. It looks like s3.example.com.',
  port: 'The port must be a number from 1 to 65535.',
  'has-credentials':
    'Take the keys out of the address: they have fields of their own, where they are kept safely.',
  'console-url':
    'This is the provider’s web console. Enter the S3 endpoint shown there instead.',
};

const ADDRESS_PROBLEMS: Readonly<Record<AddressProblem, string>> = {
  empty: 'Enter a path such as /bucket/folder/ or s3://bucket/folder/.',
  scheme: 'Only s3://, https:// and plain paths can be opened.',
  'no-bucket': 'The bucket is missing from this address.',
  'other-server': 'This address belongs to another server than this connection.',
};

/** Why a text is no endpoint, in a sentence for its field. */
export function endpointProblemText(problem: EndpointProblem): string {
  return PROBLEMS[problem];
}

/** Why an address cannot be opened, in a sentence for its field. */
export function addressProblemText(problem: AddressProblem): string {
  return ADDRESS_PROBLEMS[problem];
}

/** What the endpoint parser did, in a sentence for the dialog. */
export function endpointNoteText(note: EndpointNote): string {
  switch (note.kind) {
    case 'scheme-assumed':
      return note.secure
        ? 'Connects over https.'
        : 'Connects over plain http, as usual on a local network.';
    case 'insecure':
      return 'Plain http: everybody on the way can read your files. Use https if you can.';
    case 'bucket-from-host':
    case 'bucket-from-path':
      return `Took the bucket “${note.bucket}” out of the address.`;
    case 'path-from-url':
      return `Starts in the folder “${note.path}”.`;
    case 'object-name-dropped':
      return `Left out the file name “${note.name}”.`;
    case 'query-dropped':
      return note.signed
        ? 'Left out the signature of the link: it opens a single file only.'
        : 'Left out what came after the question mark.';
    case 'host-replaced':
      return `Uses ${note.to}: ${note.from} only serves files.`;
    case 'console-url':
      return 'Understood the address of the provider’s web console.';
    case 'endpoint-assumed':
      return `An s3:// path names no server: took ${note.endpoint}.`;
    default:
      return assertNever(note);
  }
}
