import { z } from 'zod';
import { commandOutcomeSchema, phoneCommandSchema } from './phone-command.ts';
import { serverNameSchema, trustRequestSchema } from './server-certificate.ts';
import { updateStateSchema } from './update.ts';
import {
  MOST_SERVERS,
  type DesktopEvent,
  type RequestArgument,
  type RequestName,
} from './contract.ts';
import type { ServerDescription } from './server-description.ts';

/**
 * Checks for every word of `contract.ts`, used at the borders: the main process checks each argument, and whoever reads
 * `/.well-known/parkline` checks the answer. Sizes are limited so that a page gone wrong cannot fill main's memory.
 */
z.config({ jitless: true });

const shortText = z.string().max(200);
const accountKey = z.string().min(1).max(320);
const parkId = z.string().regex(/^[a-z2-7]{26}$/);
const callId = z.string().min(1).max(300);

const signIn = z.strictObject({
  server: z.string().min(1).max(300),
  extension: z.string().min(1).max(64),
  password: z.string().min(1).max(300),
  domain: z.string().max(253).optional(),
  webSocketUrl: z.string().max(500).optional(),
  pbx: z
    .strictObject({
      kind: z.enum(['parkline', 'portsip', 'asterisk', 'generic']),
      slots: z.string().max(200),
      parkCode: z.string().max(20),
    })
    .optional(),
  remember: z.boolean().optional(),
  purpose: z.enum(['sign-in', 'check']).optional(),
});

const parked = z.strictObject({
  parkId,
  callerName: shortText,
  callerNumber: shortText,
  slot: z.string().max(64),
  parkedAt: z.number(),
  state: z.enum(['parked', 'recalling', 'retrieving']),
});

const call = z.strictObject({
  callId,
  direction: z.enum(['incoming', 'outgoing']),
  name: shortText,
  number: shortText,
  state: z.enum(['ringing', 'calling', 'talking', 'held', 'ending']),
  recallSlot: z.string().max(64).nullable(),
});

const labels = z.strictObject({
  show: shortText,
  quit: shortText,
  answer: shortText,
  hangUp: shortText,
  mute: shortText,
  unmute: shortText,
  retrieveOldest: shortText,
  nothingParked: shortText,
  status: shortText,
  hiddenToTray: shortText,
  decline: shortText,
  retrieve: shortText,
  hide: shortText,
  alerts: shortText,
  windowDown: shortText,
  crashedOften: z.string().max(500),
  startAgain: shortText,
});

const alert = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('incoming'),
    callId,
    title: z.string().max(500),
    body: z.string().max(500),
    recall: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('parked'),
    parkId,
    title: z.string().max(500),
    body: z.string().max(500),
  }),
]);

const look = z.strictObject({
  language: z.string().max(40),
  direction: z.enum(['ltr', 'rtl']),
  theme: z.enum(['system', 'light', 'dark']),
});

const snapshot = z.strictObject({
  sequence: z.int().nonnegative(),
  accountKey: accountKey.nullable(),
  extension: z.string().max(64).nullable(),
  registration: z.enum(['signed-out', 'connecting', 'registered', 'offline', 'refused']),
  parkList: z.enum(['unknown', 'live']),
  waiting: z.int().nonnegative(),
  parked: z.array(parked).max(1000),
  calls: z.array(call).max(50),
  muted: z.boolean(),
  alerts: z.array(alert).max(100),
  look,
  labels,
});

const accelerator = z.string().min(1).max(60).nullable();

const bindings = z.strictObject({
  answer: accelerator,
  'hang-up': accelerator,
  'toggle-mute': accelerator,
  'retrieve-oldest': accelerator,
});

const webSocketUrl = z.url({ protocol: /^wss?$/ }).max(500);
const httpUrl = z.url({ protocol: /^https?$/ }).max(500);
const nothing = z.undefined();

/** The argument of every request. */
export const requestSchemas: { readonly [Name in RequestName]: z.ZodType<RequestArgument<Name>> } =
  {
    profile: nothing,
    takeRestart: nothing,
    takeSignIn: nothing,
    discover: z.string().min(1).max(300),
    allowServer: z.strictObject({ webSocketUrl, apiBaseUrl: httpUrl.nullable(), signIn }),
    keepServers: z
      .array(
        z.strictObject({
          typed: z.string().max(300),
          webSocketUrl,
          apiBaseUrl: httpUrl.nullable(),
        }),
      )
      .max(MOST_SERVERS),
    refusedCertificate: z.url({ protocol: /^(?:https|wss)$/ }).max(500),
    trustCertificate: trustRequestSchema,
    trustedCertificates: nothing,
    distrustCertificate: serverNameSchema,
    secretStore: nothing,
    readPassword: accountKey,
    storePassword: z.strictObject({
      accountKey,
      password: z.string().min(1).max(300),
      allowPlainText: z.boolean(),
    }),
    forgetPassword: accountKey,
    showParked: z.strictObject({
      parkId,
      title: shortText,
      body: z.string().max(500),
      retrieveLabel: shortText,
    }),
    withdrawParked: parkId,
    showIncoming: z.strictObject({
      callId,
      title: shortText,
      body: z.string().max(500),
      answerLabel: shortText,
      declineLabel: shortText,
    }),
    withdrawIncoming: callId,
    publish: snapshot,
    showWindow: nothing,
    setBusy: z.boolean(),
    confirmQuit: nothing,
    readyToQuit: nothing,
    answerCommand: z.strictObject({ id: z.int().nonnegative(), outcome: commandOutcomeSchema }),
    updateState: nothing,
    checkForUpdate: nothing,
    fetchUpdate: nothing,
    installUpdate: nothing,
    setShortcuts: bindings,
    testShortcuts: z.boolean(),
    loginItem: nothing,
    setLoginItem: z.strictObject({ startAtLogin: z.boolean(), startMinimised: z.boolean() }),
    linkChoice: nothing,
    setLinkChoice: z.strictObject({ calls: z.boolean(), signIn: z.boolean() }),
    openExternal: z.string().max(2000),
    saveTextFile: z.strictObject({
      suggestedName: z.string().regex(/^[\w.-]{1,100}$/),
      text: z.string().max(20_000_000),
    }),
  };

const shortcutAction = z.enum(['answer', 'hang-up', 'toggle-mute', 'retrieve-oldest']);

/** What main may say; the renderer drops anything else. */
export const desktopEventSchema: z.ZodType<DesktopEvent> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('retrieve'),
    parkId,
    source: z.enum(['notification', 'tray', 'window']),
  }),
  z.object({ kind: z.literal('retrieve-oldest'), source: z.enum(['shortcut', 'tray']) }),
  z.object({ kind: z.literal('answer'), callId: callId.nullable() }),
  z.object({ kind: z.literal('decline'), callId: callId.nullable() }),
  z.object({ kind: z.literal('hang-up') }),
  z.object({ kind: z.literal('toggle-mute') }),
  z.object({ kind: z.literal('show') }),
  z.object({ kind: z.literal('prefill'), target: z.string().max(300) }),
  z.object({ kind: z.literal('sign-in-link'), link: z.string().max(2000) }),
  z.object({ kind: z.literal('resumed') }),
  z.object({ kind: z.literal('network-online') }),
  z.object({ kind: z.literal('network-offline') }),
  z.object({ kind: z.literal('screen-locked'), locked: z.boolean() }),
  z.object({ kind: z.literal('shortcut-pressed'), action: shortcutAction }),
  z.object({ kind: z.literal('quit-requested'), why: z.enum(['quit', 'update', 'log-out']) }),
  z.object({ kind: z.literal('quitting') }),
  z.object({
    kind: z.literal('command'),
    id: z.int().nonnegative(),
    command: phoneCommandSchema,
  }),
  z.object({ kind: z.literal('update'), state: updateStateSchema }),
  z.object({ kind: z.literal('graphics-restarted') }),
  z.object({ kind: z.literal('server-distrusted'), server: serverNameSchema }),
]);

/** `GET /.well-known/parkline` (WIRE §10b). Unknown members are ignored, so that a newer server can say more. */
export const serverDescriptionSchema: z.ZodType<ServerDescription> = z.object({
  webSocketUrl,
  domain: z.string().min(1).max(253),
  displayName: shortText,
  apiVersion: z.string().max(20),
  oldestAppVersion: z.string().max(40).nullable().default(null),
  apiBaseUrl: httpUrl,
  hasIceServers: z.boolean().default(false),
  demo: z.boolean().default(false),
});
