import type {
  ErrorParams,
  ProviderDetails,
  SerializedAppError,
} from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/codes.ts';

/** An error in words for people. */
export interface ErrorText {
  /** What went wrong, in a few words. */
  readonly title: string;
  /** Why, as far as it can be told. */
  readonly explanation: string;
  /** What to do about it. */
  readonly action: string;
}

/** An error's words with the server's own code and request id for support. */
export interface ErrorMessage extends ErrorText {
  /** One line such as `SlowDown · HTTP 503 · request 4A2…`; empty when there is nothing. */
  readonly details: string;
}

interface TextContext {
  readonly params: ErrorParams;
  readonly provider: ProviderDetails | undefined;
  /** “name” of a parameter, or the fallback when the error does not carry it. */
  readonly name: (param: string, fallback: string) => string;
}

/** Words of every error code: a new code without them does not compile. */
const TEXTS: { readonly [Code in ErrorCode]: (context: TextContext) => ErrorText } = {
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
  'network.offline': () => ({
    title: 'No network',
    explanation: 'This computer is not connected.',
    action: 'Check Wi-Fi or cable. Transfers go on by themselves once it is back.',
  }),
  'network.dns': ({ name }) => ({
    title: 'Server not found',
    explanation: `The name ${name('host', 'of the server')} does not exist or cannot be looked up.`,
    action: 'Check the endpoint for spelling, and that the network or VPN is connected.',
  }),
  'network.refused': ({ name }) => ({
    title: 'The server does not answer',
    explanation: `${capital(name('host', 'the server'))} refused the connection: nothing listens on this port.`,
    action: 'Check the port in the endpoint, and that the server is running.',
  }),
  'network.timeout': ({ name }) => ({
    title: 'The server takes too long',
    explanation: `${capital(name('host', 'the server'))} did not answer in time.`,
    action:
      'Check the network and the endpoint. For a slow server raise the timeouts under Advanced in the bookmark.',
  }),
  'network.reset': () => ({
    title: 'The connection broke',
    explanation: 'The connection to the server was cut in the middle.',
    action: 'Try again. Transfers go on from where they were.',
  }),
  'network.tls': ({ name }) => ({
    title: 'The connection is not safe',
    explanation: `The certificate of ${name('host', 'the server')} cannot be trusted, or no secure connection came about.`,
    action:
      'Check the endpoint and the clock. For a server with its own certificate, add that under Advanced; one without any may need http:// in the endpoint.',
  }),
  'network.proxy': () => ({
    title: 'The proxy stands in the way',
    explanation: 'The proxy of this network refused the connection.',
    action: 'Check the proxy in the system settings, and its name and password.',
  }),
  'transfer.source-changed': ({ name }) => ({
    title: 'The file changed meanwhile',
    explanation: `${capital(name('path', 'the file'))} was changed while it was being transferred.`,
    action: 'Save and close it, then retry: it starts over with the new content.',
  }),
  'transfer.checksum-mismatch': () => ({
    title: 'The content arrived damaged',
    explanation: 'Checksums before and after the transfer differ. Nothing was kept.',
    action: 'Retry. If it happens again, the network or a disk may be at fault.',
  }),
  'transfer.upload-gone': () => ({
    title: 'The unfinished upload is gone',
    explanation: 'The server has dropped the parts sent so far.',
    action: 'Retry: the upload starts from the beginning.',
  }),
  'transfer.too-large': ({ params }) => ({
    title: 'Too large',
    explanation: `The size is over the limit${size(params['maxBytes'])}.`,
    action: 'Take fewer or smaller files; to get large ones use “Download To…”.',
  }),
  'transfer.cancelled': () => ({
    title: 'Cancelled',
    explanation: 'The action was stopped before it was done.',
    action: 'Start it again if you still want it.',
  }),
  'transfer.partial': ({ params }) => ({
    title: 'Not everything worked',
    explanation: `${
      typeof params['failed'] === 'number'
        ? params['failed'].toLocaleString('en')
        : 'Some'
    } of the items failed; the others are done.`,
    action: 'Look at the failed ones in the transfers panel and retry them.',
  }),
  'local.not-found': ({ name }) => ({
    title: 'File not found',
    explanation: `${capital(name('path', 'the file'))} is not on this computer any more.`,
    action: 'Put it back, or choose it again at its new place.',
  }),
  'local.denied': ({ name }) => ({
    title: 'No permission on this computer',
    explanation: `Dipper may not read or write ${name('path', 'the file')}.`,
    action: 'Change its permissions or choose another folder.',
  }),
  'local.no-space': () => ({
    title: 'The disk is full',
    explanation: 'There is not enough room on this computer.',
    action: 'Free some space or choose a folder on another disk, then retry.',
  }),
  'local.name-invalid': ({ name }) => ({
    title: 'The name does not work here',
    explanation: `${capital(name('path', name('name', 'the name')))} cannot be used on this computer.`,
    action: 'Rename the item or choose a folder with a shorter path.',
  }),
  'local.outside-target': ({ name }) => ({
    title: 'Refused for safety',
    explanation: `${capital(name('key', 'the object'))} would land outside the chosen folder.`,
    action: 'Download it alone under a name of your own.',
  }),
  'local.busy': ({ name }) => ({
    title: 'The file is in use',
    explanation: `Another program holds ${name('path', 'the file')}.`,
    action: 'Close it there and retry.',
  }),
  'local.io': ({ name }) => ({
    title: 'The disk reported an error',
    explanation: `${capital(name('path', 'the file'))} could not be read or written.`,
    action: 'Check that the disk is connected and healthy, then retry.',
  }),
  'input.invalid': ({ name }) => ({
    title: 'Something is not right',
    explanation: `${capital(name('field', 'one of the values'))} is missing or not allowed.`,
    action: 'Correct it and try again.',
  }),
  'input.endpoint': () => ({
    title: 'Not a server address',
    explanation: 'The endpoint cannot be read as the address of a server.',
    action: 'Enter it as s3.example.com or https://s3.example.com:9000.',
  }),
  'bookmark.not-found': () => ({
    title: 'The bookmark is gone',
    explanation: 'It was deleted in the meantime.',
    action: 'Choose another bookmark or make a new one.',
  }),
  'connection.not-open': () => ({
    title: 'Not connected',
    explanation: 'This connection is closed.',
    action: 'Open the bookmark again.',
  }),
  'ipc.forbidden': () => ({
    title: 'Refused',
    explanation: 'The window asked for something it may not have.',
    action: 'Restart Dipper. If it happens again, please report it.',
  }),
  'ipc.invalid-request': () => ({
    title: 'Dipper made a mistake',
    explanation: 'A request inside the app had the wrong form. Nothing was changed.',
    action: 'Try again in another way, and please report it.',
  }),
  'engine.gone': () => ({
    title: 'The transfer process stopped',
    explanation: 'It ended unexpectedly and is being started again. The queue is safe.',
    action: 'Wait a moment and try again.',
  }),
  'engine.restarted': () => ({
    title: 'The transfer engine was started again',
    explanation: 'It ended unexpectedly. The queue is safe, and its transfers go on.',
    action: 'There is nothing you need to do.',
  }),
  'window.gone': () => ({
    title: 'The window was loaded again',
    explanation: 'Its process ended unexpectedly. Transfers went on in the background.',
    action: 'Open your bookmark to go on where you were.',
  }),
  'storage.corrupt': ({ name }) => ({
    title: 'A file of Dipper’s was damaged',
    explanation: `${capital(name('file', 'a file with settings'))} could not be read. It was put aside, and the last good copy is used if there was one.`,
    action: 'Check your bookmarks and settings.',
  }),
  'storage.write-failed': ({ name }) => ({
    title: 'Not saved',
    explanation: `${capital(name('file', 'a file of Dipper’s'))} could not be written.`,
    action: 'Make sure that the disk is not full or write-protected, then try again.',
  }),
  'vault.unavailable': () => ({
    title: 'No keychain here',
    explanation: 'This system offers no protected place for secrets.',
    action:
      'Keep the secret for this session only, or store it marked as unprotected. On Linux, GNOME Keyring or KWallet gives protection.',
  }),
  'vault.unreadable': () => ({
    title: 'The stored secret cannot be read',
    explanation:
      'The system’s keychain does not open it: the user, the computer or the keychain has changed.',
    action: 'Edit the bookmark and enter the secret key again.',
  }),
  internal: () => ({
    title: 'Something unexpected happened',
    explanation: 'This is a defect of Dipper. Your files on the server are not affected.',
    action: 'Try again. If it comes back, please report it with the log.',
  }),
};

/** The words for an error, in English. Never fails, whatever the error carries. */
export function errorText(error: SerializedAppError): ErrorMessage {
  const { params, provider } = error;
  const name = (param: string, fallback: string): string => {
    const value = params[param];
    return value === undefined || value === '' ? fallback : `“${value}”`;
  };
  const text = (TEXTS[error.code] ?? TEXTS.internal)({ params, provider, name });
  return { ...text, details: detailsLine(provider) };
}

function detailsLine(provider: ProviderDetails | undefined): string {
  if (provider === undefined) return '';
  const message = provider.message?.trim() ?? '';
  return [
    provider.service ?? '',
    provider.httpStatus === undefined ? '' : `HTTP ${provider.httpStatus}`,
    message === '' ? '' : `“${message}”`,
    provider.requestId === undefined ? '' : `request ${provider.requestId}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

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

function size(bytes: string | number | boolean | undefined): string {
  if (typeof bytes !== 'number') return '';
  return ` of ${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
