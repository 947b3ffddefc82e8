/* oxlint-disable unicorn/require-post-message-target-origin -- no window's postMessage */
/** The sample app's utility process: sends back what it gets. */
const port = process.parentPort;
port.on('message', ({ data }) => {
  if (data === 'crash') process.kill(process.pid, 'SIGSEGV');
  port.postMessage({
    data,
    args: process.argv.slice(2),
    type: process.type,
    bytes: new Uint8Array([1, 2, 255]),
    environment: Object.keys(process.env).sort(),
  });
});
