/** The least that an Electron app can be: one sandboxed window with nothing in it, of the phone's size. Says when it stands. */
const { app, BrowserWindow } = require('electron');

app.enableSandbox();
app.whenReady().then(async () => {
  const window = new BrowserWindow({
    width: 400,
    height: 720,
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  await window.loadURL('about:blank');
  window.show();
  process.stdout.write('BLANK WINDOW READY\n');
});
app.on('window-all-closed', () => app.quit());
