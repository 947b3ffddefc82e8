import { capital, type ErrorTexts, type TextContext } from './error-text.ts';

/** Words for what a server said, and for what it would not take. */
export const SERVER_ERRORS = {
  'auth.invalid-key': () => ({
    title: 'Unknown access key',
    explanation: 'The server does not know this access key ID.',
    action:
      'Check the access key ID in the bookmark for missing characters. A deleted or replaced key needs a new one from your provider.',
  }),
  'auth.signature': () => ({
    title: 'Wrong secret key',
    explanation:
      'The server knows the access key ID, but the signature does not match its secret.',
    action:
      'Enter the secret key again: copy all of it, without spaces. If it is right, try another signature or region in the bookmark.',
  }),
  'auth.expired': () => ({
    title: 'These keys have expired',
    explanation: 'The session of these temporary keys, or the signed link, is over.',
    action: 'Get new keys with a new session token and enter them in the bookmark.',
  }),
  'auth.missing-secret': ({ name }) => ({
    title: 'The secret key is missing',
    explanation: `No secret key is stored for ${name('bookmark', 'this bookmark')}.`,
    action: 'Edit the bookmark and enter the secret key.',
  }),
  'access.denied': ({ name, params }) => ({
    title: 'Access denied',
    explanation:
      typeof params['action'] === 'string' && params['action'] !== ''
        ? `These keys may not do ${name('action', '')} on ${name('resource', 'this')}.`
        : `These keys may not do this${inside(name)}.`,
    action:
      'If the keys are limited to one bucket or folder, go there directly. Otherwise ask the owner of the bucket for permission.',
  }),
  'access.bucket-owner': ({ name }) => ({
    title: 'This bucket does not take access control lists',
    explanation: `${capital(name('bucket', 'the bucket'))} has ACLs turned off: its owner owns everything in it.`,
    action: 'Set “Upload ACL” to “None” in the bookmark and try again.',
  }),
  'access.object-archived': ({ name }) => ({
    title: 'Archived',
    explanation: `${capital(name('key', 'the object'))} is in an archive class and cannot be read right away.`,
    action:
      'Restore it in your provider’s console first. That takes from minutes to two days.',
  }),
  'access.locked': ({ name }) => ({
    title: 'Locked',
    explanation: `${capital(name('key', 'the object'))} is protected by a retention period or a legal hold.`,
    action:
      'Wait until the retention ends, or ask the owner of the bucket to lift the lock.',
  }),
  'bucket.not-found': ({ name }) => ({
    title: 'Bucket not found',
    explanation: `There is no ${name('bucket', 'such bucket')} on this server.`,
    action:
      'Check the name for spelling and the endpoint for the right region or account.',
  }),
  'bucket.exists': ({ name }) => ({
    title: 'The name is taken',
    explanation: `A bucket named ${name('bucket', 'like this')} exists already. On most services names are shared by all customers.`,
    action: 'Choose another name, such as one with your company’s name in front.',
  }),
  'bucket.name-invalid': ({ name }) => ({
    title: 'This bucket name is not allowed',
    explanation: `${capital(name('bucket', 'the name'))} breaks the rules for bucket names.`,
    action: 'Use 3 to 63 small letters, digits, hyphens and dots.',
  }),
  'bucket.not-empty': ({ name }) => ({
    title: 'The bucket is not empty',
    explanation: `${capital(name('bucket', 'the bucket'))} still holds objects, old versions or unfinished uploads.`,
    action: 'Delete what is in it, then delete the bucket.',
  }),
  'bucket.wrong-region': ({ name }) => ({
    title: 'The bucket is in another region',
    explanation: `${capital(name('bucket', 'the bucket'))} lives in ${name('region', 'another region')}.`,
    action: 'Choose that region in the bookmark and connect again.',
  }),
  'object.not-found': ({ name }) => ({
    title: 'Not found',
    explanation: `${capital(name('key', 'the object'))} is not there any more.`,
    action: 'Refresh the list: it may have been renamed or deleted.',
  }),
  'object.changed': ({ name }) => ({
    title: 'Changed on the server',
    explanation: `${capital(name('key', 'the object'))} was replaced while it was being read.`,
    action: 'Try again to get the new version from the start.',
  }),
  'object.name-invalid': ({ name }) => ({
    title: 'This name is not allowed',
    explanation: `The server does not take ${name('key', 'this name')}: names have at most 1,024 bytes.`,
    action: 'Choose a shorter name or a folder that is less deep.',
  }),
  'conflict.exists': ({ name }) => ({
    title: 'Already there',
    explanation: `${capital(name('key', name('path', 'an item of this name')))} exists already.`,
    action: 'Overwrite it, skip it, or keep both under another name.',
  }),
  'copy.onto-itself': ({ name }) => ({
    title: 'The same place',
    explanation: `${capital(name('key', 'the item'))} is there already: an object cannot be copied or moved onto itself.`,
    action: 'Choose another folder, or another name.',
  }),
  'copy.into-itself': ({ name }) => ({
    title: 'A folder cannot go into itself',
    explanation: `The target lies inside ${name('key', 'the folder')}: copying would find its own copies and never end.`,
    action: 'Choose a folder outside of it.',
  }),
  'precondition.failed': () => ({
    title: 'Somebody was faster',
    explanation: 'The object changed or appeared on the server in the meantime.',
    action: 'Refresh the list, look at the new state and decide again.',
  }),
  'aspect.changed': () => ({
    title: 'Changed by somebody else',
    explanation:
      'It was changed on the server after it was read here. Nothing was written.',
    action:
      'Load the present state, look at what is different, and make your change again.',
  }),
  'aspect.invalid': ({ params, name }) => ({
    title: 'This cannot be saved',
    explanation: invalidAspect(params['reason'], name),
    action: 'Correct it and save again. Nothing was written.',
  }),
  'aspect.acl-unreadable': ({ name }) => ({
    title: 'Dipper cannot read who may read this object',
    explanation: `These keys may not do ${name('action', 's3:GetObjectAcl')} on ${name('resource', 'this')}. New headers are given to a copy of the object that takes its place, and without the list of the old one only its owner may read the new one, unless a policy of the bucket lets others in.`,
    action:
      'Nothing was written. Give the keys that permission, or save all the same if the object is private anyway or may become so.',
  }),
  'aspect.tags-lost': ({ params, name }) => {
    const count = Number(params['count'] ?? 0);
    const tags = count === 1 ? 'its tag' : `its ${count > 0 ? `${count} ` : ''}tags`;
    const unsure = params['state'] === 'unsure';
    const why =
      typeof params['action'] === 'string'
        ? ` These keys may not do ${name('action', '')} on ${name('resource', 'it')}.`
        : '';
    return {
      title: unsure ? 'Saved, but the tags may be lost' : 'Headers saved, tags lost',
      explanation: unsure
        ? `Headers and metadata of ${name('key', 'the object')} were saved. Whether the server kept ${tags} could not be found out.${why}`
        : `Headers and metadata of ${name('key', 'the object')} were saved. The server dropped ${tags} with the old headers and did not take ${count === 1 ? 'it' : 'them'} back.${why}`,
      action:
        params['queued'] === true
          ? 'They are not forgotten: once the server or the keys allow it, a retry gives them back.'
          : 'They are not forgotten: once the server or the keys allow it, open Tags and take them from “Earlier States”.',
    };
  },
  'link.no-keys': () => ({
    title: 'Links need keys',
    explanation: 'This connection is anonymous: there is nothing to sign a link with.',
    action:
      'Use the plain address if the object is public, or connect with an access key.',
  }),
  'provider.unsupported': () => ({
    title: 'The server cannot do this',
    explanation: 'This server does not offer the function, or not in this form.',
    action:
      'Check that the provider in the bookmark is the right one; “Other S3 server” is the most cautious choice.',
  }),
  'provider.malformed-response': () => ({
    title: 'The answer makes no sense',
    explanation: 'What came back is not an answer of an S3 server.',
    action:
      'Check the endpoint: it must be the S3 address, not a website or the provider’s console. A proxy or login page in between also does this.',
  }),
  'provider.quota': () => ({
    title: 'The storage is full',
    explanation: 'The account or bucket has reached its limit.',
    action: 'Delete something or raise the limit with your provider.',
  }),
  'provider.clock-skew': ({ params }) => ({
    title: 'The clock of this computer is wrong',
    explanation: `${skew(params['seconds'] ?? params['skewSeconds'])} Servers refuse requests that are more than 15 minutes off.`,
    action: 'Turn on automatic date and time in the system settings and try again.',
  }),
  'provider.internal': () => ({
    title: 'The server has a problem',
    explanation: 'It reported an internal error. That is not your doing.',
    action:
      'Wait a moment and try again. If it stays, look at your provider’s status page.',
  }),
  'throttle.slow-down': () => ({
    title: 'The server asks to slow down',
    explanation: 'It gets more requests than it wants to answer.',
    action: 'Nothing to do: Dipper goes on more slowly by itself.',
  }),
  'throttle.too-many': () => ({
    title: 'Too many requests',
    explanation: 'The account’s limit of requests is reached for now.',
    action: 'Nothing to do: Dipper goes on more slowly by itself.',
  }),
} satisfies Partial<ErrorTexts>;

/** Why an editor's value was refused; `reason` as the engine's checks name it. */
function invalidAspect(
  reason: string | number | boolean | undefined,
  name: TextContext['name'],
): string {
  switch (reason) {
    case 'owner-left-out':
      return 'The list would leave nothing to the owner, who could no longer read it.';
    case 'other-owner':
      return 'The owner of an access control list cannot be changed.';
    case 'line-break':
      return `The value of ${name('field', 'a header')} has a line break or another control character.`;
    case 'name':
      return `${capital(name('field', 'a name'))} cannot be the name of a header: it takes letters, digits, hyphens and a few signs.`;
    case 'repeated':
      return `${capital(name('field', 'a name'))} is there twice.`;
    case 'too-many':
      return `There are more than ${name('limit', 'the server takes').replace(/[“”]/g, '')} of them.`;
    case 'too-many-tags':
      return `${capital(name('key', 'the object'))} would have more than 10 tags.`;
    case 'no-change':
      return 'Nothing is to be changed.';
    case 'too-long':
      return `${capital(name('field', 'a value'))} is too long.`;
    case 'not-ascii':
      return `The value of ${name('field', 'a header')} has letters that headers cannot carry; names of files go into Content-Disposition as filename*=UTF-8''….`;
    case 'public-blocked':
      return `The public access block of ${name('bucket', 'the bucket')} refuses lists that give something to everybody.`;
    case 'untold':
      return 'The object has metadata that the server cannot show; saving would drop it.';
    case 'expires':
      return 'Expires takes a date, such as “Wed, 21 Oct 2026 07:28:00 GMT”.';
    case 'wildcards':
      return `${capital(name('field', 'a value'))} has more than one “*”.`;
    case 'empty':
      return `${capital(name('field', 'a value'))} is missing.`;
    default:
      return 'The server does not take these values.';
  }
}

/** ` in “photos”`, ` on “a/b”` or nothing. */
function inside(name: TextContext['name']): string {
  const key = name('key', '');
  if (key !== '') return ` on ${key}`;
  const bucket = name('bucket', '');
  return bucket === '' ? '' : ` in ${bucket}`;
}

function skew(seconds: string | number | boolean | undefined): string {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) {
    return 'It differs from the server’s by too much.';
  }
  const minutes = Math.round(Math.abs(seconds) / 60);
  return `It differs from the server’s by ${minutes.toLocaleString('en')} minutes.`;
}
