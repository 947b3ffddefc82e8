const { contextBridge, ipcRenderer, webUtils } = require('electron');

contextBridge.exposeInMainWorld('sample', {
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  send: (channel, ...args) => ipcRenderer.send(channel, ...args),
  on: (channel, callback) => {
    const listener = (_event, ...args) => callback(...args);
    ipcRenderer.on(channel, listener);
    return () => ipcRenderer.removeListener(channel, listener);
  },
  double: (value) => ipcRenderer.sendSync('double', value),
  pathOf: (file) => webUtils.getPathForFile(file),
  add: (a, b) => a + b,
  apply: (callback) => callback(1, { list: [2, 3] }),
  throws: () => {
    throw new RangeError('from the preload');
  },
  later: (value) => new Promise((resolve) => setTimeout(() => resolve({ value }), 5)),
  missing: () => {
    try {
      return require('electron').webFrame.setZoomFactor(2);
    } catch (error) {
      return error.message;
    }
  },
  platform: process.platform,
  electron: process.versions.electron,
});
