/* oxlint-disable unicorn/require-post-message-target-origin -- no window's postMessage */
import { createWriteStream } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  app,
  BrowserWindow,
  ipcMain,
  Menu,
  net,
  protocol,
  safeStorage,
  session,
  type UtilityProcess,
  utilityProcess,
} from 'electron';

/** The sample app of the host's tests: written as for real Electron. */
const folder = import.meta.dirname;
const userData = process.env['SAMPLE_USER_DATA'];
if (userData !== undefined) app.setPath('userData', userData);
const notes = createWriteStream(join(userData ?? folder, 'notes.txt'), { flags: 'a' });
app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
].join('; ');

function bigBody(bytes: number): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(1024 * 1024).fill(7);
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      const next = Math.min(left, chunk.length);
      left -= next;
      controller.enqueue(chunk.slice(0, next));
      if (left === 0) controller.close();
    },
  });
}

async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (url.host !== 'bundle') return new Response('no such host', { status: 404 });
  if (url.pathname === '/echo') {
    const body = await request.text();
    return Response.json({ method: request.method, url: request.url, body });
  }
  if (url.pathname === '/big') {
    const bytes = Number(url.searchParams.get('bytes'));
    const headers = { 'content-type': 'application/octet-stream', 'x-sample': 'big' };
    return new Response(bigBody(bytes), { headers });
  }
  const root = join(folder, 'ui');
  const path = join(root, normalize(decodeURIComponent(url.pathname)));
  if (!path.startsWith(root + sep)) return new Response('bad path', { status: 400 });
  const file = await net.fetch(pathToFileURL(path).href);
  const headers = new Headers(file.headers);
  headers.set('content-security-policy', POLICY);
  return new Response(file.body, { headers });
}

function createWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 900,
    height: 600,
    show: false,
    webPreferences: {
      preload: join(folder, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.webContents.setWindowOpenHandler(({ url }) => {
    notes.write(`open ${url}\n`);
    return { action: 'deny' };
  });
  window.webContents.on('will-frame-navigate', (event) => {
    notes.write(`navigate ${event.url}\n`);
    if (!event.url.startsWith('app://bundle/')) event.preventDefault();
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    notes.write(`gone ${reason}\n`);
    window.webContents.reload();
  });
  void window.loadURL('app://bundle/index.html');
  return window;
}

function forkEngine(): UtilityProcess {
  return utilityProcess.fork(join(folder, 'engine.ts'), ['one'], {
    serviceName: 'sample-engine',
    stdio: 'pipe',
    env: { PATH: process.env['PATH'] ?? '' },
  });
}

function addHandlers(): void {
  ipcMain.handle('echo', (_event, value: unknown) => value);
  ipcMain.handle('fail', () => {
    throw new TypeError('nope');
  });
  ipcMain.handle('uncloneable', () => ({ run() {} }));
  ipcMain.handle('sender', ({ sender, senderFrame }) => ({
    isMainFrame: senderFrame === sender.mainFrame,
    origin: senderFrame?.origin,
    url: senderFrame?.url,
    isWindow: BrowserWindow.fromWebContents(sender) !== null,
  }));
  ipcMain.handle('secret', async (_event, text: string) => {
    const encrypted = await safeStorage.encryptStringAsync(text);
    const { result } = await safeStorage.decryptStringAsync(encrypted);
    const backend = safeStorage.getSelectedStorageBackend();
    return { result, hidden: !encrypted.includes(text), backend };
  });
  ipcMain.handle('drag', ({ sender }, file: string) => {
    sender.startDrag({ file, icon: join(folder, 'ui', 'icon.png') });
  });
  ipcMain.handle('engine', async (_event, message: unknown) => {
    const child = forkEngine();
    const exited = new Promise((resolve) => child.once('exit', resolve));
    const reply = new Promise((resolve) => child.once('message', resolve));
    child.postMessage(message);
    await reply;
    child.kill();
    await exited;
    return reply;
  });
  ipcMain.handle('crash', () => {
    const gone = Promise.withResolvers<unknown>();
    app.once('child-process-gone', (_event, details) => gone.resolve(details));
    forkEngine().postMessage('crash');
    return gone.promise;
  });
  ipcMain.on('flood', ({ sender }, count: number) => {
    for (let i = 0; i < count; i += 1) sender.send('flood', i);
  });
  ipcMain.on('double', (event, value: number) => {
    event.returnValue = value * 2;
  });
}

function allow(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

async function start(): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.on('second-instance', (_event, argv) => notes.write(`second ${argv.at(-1)}\n`));
  app.on('will-quit', () => notes.write('will-quit\n'));
  app.on('window-all-closed', () => app.quit());
  await app.whenReady();
  protocol.handle('app', answer);
  session.defaultSession.setPermissionRequestHandler((_contents, permission, callback) =>
    callback(allow(permission)),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission) =>
    allow(permission),
  );
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: 'File',
        submenu: [
          {
            id: 'new-folder',
            label: 'New folder',
            accelerator: 'CmdOrCtrl+Shift+N',
            click: () =>
              BrowserWindow.getFocusedWindow()?.webContents.send('menu', 'new-folder'),
          },
          { type: 'separator' },
          { role: 'quit' },
        ],
      },
      { role: 'editMenu' },
    ]),
  );
  addHandlers();
  createWindow();
}

void start();
