import { contextBridge, ipcRenderer } from 'electron';
import {
  ALIVE_CHANNEL,
  ASK_ALIVE_CHANNEL,
  channelOf,
  EVENT_CHANNEL,
} from '../shared/bridge/contract.ts';
import type {
  DesktopBridge,
  DesktopEvent,
  RequestAnswer,
  RequestArgument,
  RequestName,
} from '../shared/bridge/contract.ts';

/** The page gets named functions and nothing of Electron itself. */
const ask = <Name extends RequestName>(
  name: Name,
  argument?: RequestArgument<Name>,
): Promise<RequestAnswer<Name>> => ipcRenderer.invoke(channelOf(name), argument);

const bridge: DesktopBridge = {
  profile: () => ask('profile'),
  takeRestart: () => ask('takeRestart'),
  takeSignIn: () => ask('takeSignIn'),
  discover: (server) => ask('discover', server),
  allowServer: (request) => ask('allowServer', request),
  keepServers: (servers) => ask('keepServers', servers),
  refusedCertificate: (url) => ask('refusedCertificate', url),
  trustCertificate: (request) => ask('trustCertificate', request),
  trustedCertificates: () => ask('trustedCertificates'),
  distrustCertificate: (server) => ask('distrustCertificate', server),
  secretStore: () => ask('secretStore'),
  readPassword: (accountKey) => ask('readPassword', accountKey),
  storePassword: (request) => ask('storePassword', request),
  forgetPassword: (accountKey) => ask('forgetPassword', accountKey),
  showParked: (notification) => ask('showParked', notification),
  withdrawParked: (parkId) => ask('withdrawParked', parkId),
  showIncoming: (notification) => ask('showIncoming', notification),
  withdrawIncoming: (callId) => ask('withdrawIncoming', callId),
  publish: (snapshot) => ask('publish', snapshot),
  showWindow: () => ask('showWindow'),
  setBusy: (busy) => ask('setBusy', busy),
  confirmQuit: () => ask('confirmQuit'),
  readyToQuit: () => ask('readyToQuit'),
  answerCommand: (answer) => ask('answerCommand', answer),
  updateState: () => ask('updateState'),
  checkForUpdate: () => ask('checkForUpdate'),
  fetchUpdate: () => ask('fetchUpdate'),
  installUpdate: () => ask('installUpdate'),
  setShortcuts: (bindings) => ask('setShortcuts', bindings),
  testShortcuts: (on) => ask('testShortcuts', on),
  loginItem: () => ask('loginItem'),
  setLoginItem: (item) => ask('setLoginItem', item),
  linkChoice: () => ask('linkChoice'),
  setLinkChoice: (choice) => ask('setLinkChoice', choice),
  openExternal: (url) => ask('openExternal', url),
  saveTextFile: (file) => ask('saveTextFile', file),
  onEvent: (run) => {
    const listen = (_event: unknown, event: DesktopEvent): void => run(event);
    ipcRenderer.on(EVENT_CHANNEL, listen);
    return () => {
      ipcRenderer.removeListener(EVENT_CHANNEL, listen);
    };
  },
};

// Answers only while the page's thread runs: that is the question.
ipcRenderer.on(ASK_ALIVE_CHANNEL, () => ipcRenderer.send(ALIVE_CHANNEL));

contextBridge.exposeInMainWorld('parkline', bridge);
