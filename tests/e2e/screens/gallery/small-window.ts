import {
  languageInfo,
  loadMessages,
  makeIntl,
  LANGUAGES,
} from '../../../../renderer/phone/intl.ts';
import { sayer, type Say } from '../../../../renderer/phone/text.tsx';
import { AlertPage } from '../../../../renderer/small-window/alert-page.ts';
import type { PhoneAlert, PhoneLook } from '../../../../shared/bridge/snapshot.ts';
import '../../../../renderer/theme/tokens.css';
import '../../../../renderer/small-window/small-window.css';

const CLIENT = '003386002678';
const LONG = 'Dr. Maximiliane von Hohenstaufen-Wittelsbach, Buchhaltung Außenstelle Süd';

const incoming = (callId: string, title: string, recall = false): PhoneAlert => ({
  kind: 'incoming',
  callId,
  title,
  body: recall ? '' : CLIENT,
  recall,
});
const parked = (parkId: string, title: string): PhoneAlert => ({
  kind: 'parked',
  parkId,
  title,
  body: CLIENT,
});

/** Every state of the small window by name. */
const ALERTS: Readonly<Record<string, (say: Say) => readonly PhoneAlert[]>> = {
  incoming: (say) => [incoming('1', say('notify.incoming', { who: 'Client' }))],
  recall: (say) => [incoming('1', say('notify.recall', { who: 'Client', slot: '102' }), true)],
  parked: (say) => [
    parked(
      '1',
      say('notify.parked.title', {
        who: 'Client',
        where: say('notify.parked.on', { slot: '102' }),
      }),
    ),
  ],
  several: (say) => [
    incoming('1', say('notify.incoming', { who: LONG })),
    incoming('2', say('notify.recall', { who: 'שלום '.repeat(30), slot: '102' }), true),
    parked('3', `<b>x</b> ${'x'.repeat(200)}`),
  ],
};

/** `?alerts=…&language=…&theme=…`: one state of the small window, over a main process that is scripted. */
async function start(root: HTMLElement): Promise<void> {
  const wanted = new URLSearchParams(window.location.search);
  const { language } =
    LANGUAGES.find((each) => each.language === wanted.get('language')) ?? languageInfo('en');
  const say = sayer(makeIntl(language, await loadMessages(language)));
  const { locale, direction } = languageInfo(language);
  const theme: PhoneLook['theme'] = wanted.get('theme') === 'dark' ? 'dark' : 'light';
  const view = {
    sequence: 1,
    alerts: ALERTS[wanted.get('alerts') ?? 'incoming']?.(say) ?? [],
    look: { language: locale, direction, theme },
    labels: {
      answer: say('call.answer'),
      decline: say('call.decline'),
      retrieve: say('park.retrieve'),
      hide: say('desktop.hideAlert'),
      alerts: say('desktop.alerts'),
      show: say('desktop.show'),
    },
  };
  await new AlertPage(root, {
    snapshot: () => Promise.resolve(view),
    press: () => Promise.resolve(),
    resize: () => Promise.resolve(),
    onChange: () => () => {},
  }).start();
}

const root = document.getElementById('alerts');
if (root !== null) void start(root);
