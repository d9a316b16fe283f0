import { alertId, applyChange } from '../../shared/bridge/small-window.ts';
import type {
  AlertLabels,
  SmallWindowBridge,
  SmallWindowChange,
  SmallWindowPress,
  SmallWindowSnapshot,
} from '../../shared/bridge/small-window.ts';
import type { PhoneAlert } from '../../shared/bridge/snapshot.ts';

type Action = SmallWindowPress['action'];

/**
 * The lines of the small window. No framework: it must stand on the screen while the phone rings its first ring, in a process of
 * its own. Names and numbers come from the network and are only ever set as text.
 */
export class AlertPage {
  readonly #root: HTMLElement;
  readonly #bridge: SmallWindowBridge;
  #view: SmallWindowSnapshot | null = null;
  #asking = false;

  constructor(root: HTMLElement, bridge: SmallWindowBridge) {
    this.#root = root;
    this.#bridge = bridge;
    // A press belongs to the call under the pointer when it went down.
    let pressed: string | null = null;
    root.addEventListener('pointerdown', (event) => {
      pressed = keyOf(event.target);
    });
    root.addEventListener('click', (event) => {
      const key = keyOf(event.target);
      // A screen reader's click has no pointer.
      const isPointer = event instanceof PointerEvent && event.detail > 0;
      if (key === null || (isPointer && key !== pressed)) return;
      const [action = '', ...id] = key.split(' ');
      void bridge.press({ action: actionOf(action), id: id.join(' ') });
    });
  }

  async start(): Promise<void> {
    this.#bridge.onChange((change) => this.#onChange(change));
    await this.#askForAll();
    new ResizeObserver(() => this.#tellHeight()).observe(this.#root);
  }

  #onChange(change: SmallWindowChange): void {
    if (this.#view === null) return;
    const next = applyChange(this.#view, change);
    if (next === null) void this.#askForAll();
    else this.#show(next);
  }

  async #askForAll(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      this.#show(await this.#bridge.snapshot());
    } finally {
      this.#asking = false;
    }
  }

  #show(view: SmallWindowSnapshot): void {
    this.#view = view;
    const { documentElement } = document;
    documentElement.lang = view.look.language;
    documentElement.dir = view.look.direction;
    documentElement.dataset['theme'] = view.look.theme;
    this.#root.setAttribute('aria-label', view.labels.alerts);
    this.#drawLines(view);
    this.#tellHeight();
  }

  /** A line that stays keeps its element: nothing is redrawn under the pointer. */
  #drawLines({ alerts, labels }: SmallWindowSnapshot): void {
    const ids = new Set(alerts.map(alertId));
    const drawn = new Map<string, HTMLElement>();
    for (const line of [...this.#root.children]) {
      if (!(line instanceof HTMLElement)) continue;
      const id = line.dataset['id'] ?? '';
      if (ids.has(id)) drawn.set(id, line);
      else line.remove();
    }
    for (const alert of alerts) {
      const words = JSON.stringify([alert, labels]);
      const old = drawn.get(alertId(alert));
      if (old?.dataset['words'] === words) continue;
      const line = drawLine(alert, labels);
      line.dataset['words'] = words;
      if (old === undefined) this.#root.append(line);
      else old.replaceWith(line);
    }
  }

  #tellHeight(): void {
    const { height } = this.#root.getBoundingClientRect();
    if (this.#view !== null && this.#view.alerts.length > 0 && height >= 1) {
      void this.#bridge.resize(Math.ceil(height));
    }
  }
}

function drawLine(alert: PhoneAlert, labels: AlertLabels): HTMLElement {
  const id = alertId(alert);
  const line = element('section', 'alert');
  line.dataset['id'] = id;
  line.dataset['kind'] = alert.kind === 'incoming' && alert.recall ? 'recall' : alert.kind;
  line.setAttribute('role', 'alert');
  const words = element('div', 'alert-words');
  words.append(text('p', 'alert-title', alert.title));
  if (alert.body !== '') {
    // A number or a note reads by itself, in a line that stands as all others do.
    const body = element('p', 'alert-body');
    body.append(text('bdi', '', alert.body));
    words.append(body);
  }
  const buttons = element('div', 'alert-buttons');
  buttons.append(
    ...(alert.kind === 'incoming'
      ? [button('answer', id, labels.answer), button('decline', id, labels.decline)]
      : [button('retrieve', id, labels.retrieve)]),
    button('hide', id, labels.hide),
  );
  line.append(words, buttons);
  return line;
}

function button(action: Action, id: string, label: string): HTMLElement {
  const made = text('button', `alert-button alert-${action}`, label);
  made.setAttribute('type', 'button');
  made.dataset['press'] = `${action} ${id}`;
  return made;
}

function element(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function text(name: string, className: string, words: string): HTMLElement {
  const made = element(name, className);
  made.textContent = words;
  return made;
}

function keyOf(target: EventTarget | null): string | null {
  if (!(target instanceof Element)) return null;
  const pressed = target.closest('[data-press]');
  return pressed instanceof HTMLElement ? (pressed.dataset['press'] ?? null) : null;
}

const ACTIONS: readonly Action[] = ['answer', 'decline', 'retrieve', 'hide', 'show'];
const actionOf = (word: string): Action => ACTIONS.find((each) => each === word) ?? 'show';
