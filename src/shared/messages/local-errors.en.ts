import { capital, type ErrorTexts } from './error-text.ts';

/** Words for what went wrong on the way to a server, on this computer or in the app. */
export const LOCAL_ERRORS = {
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
  'storage.corrupt': ({ name, params }) => ({
    title: 'A file of Dipper’s was damaged',
    explanation: `${capital(name('file', 'a file with settings'))} could not be read. It was put aside, and the last good copy is used if there was one.`,
    action:
      params['file'] === undefined
        ? 'Check your bookmarks and settings.'
        : 'It holds the transfers. Those that were not finished are paused: look at them in the transfers panel, then resume them.',
  }),
  'storage.newer': ({ name }) => ({
    title: 'A newer version of Dipper wrote the queue',
    explanation: `${capital(name('file', 'the queue'))} was kept as it is, and what waits there is not lost. This version begins with a queue of its own.`,
    action:
      'Install the newer version again to go on with it; it also takes over what you queue until then.',
  }),
  'storage.in-use': () => ({
    title: 'Another Dipper has the queue',
    explanation:
      'One that is about to end, or hangs, still works with it. Nothing runs twice: this one begins as soon as the other has ended.',
    action:
      'Wait a moment. If this stays, end the other Dipper, or restart the computer.',
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
} satisfies Partial<ErrorTexts>;

function size(bytes: string | number | boolean | undefined): string {
  if (typeof bytes !== 'number') return '';
  return ` of ${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}
