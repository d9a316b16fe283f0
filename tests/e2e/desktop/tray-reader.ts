import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Message, sessionBus, Variant } from '@jellybrick/dbus-next';
import type { MessageBus } from '@jellybrick/dbus-next';
import { z } from 'zod';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const MENU = 'com.canonical.dbusmenu';

/** A line of the menu as a tray shows it. */
export interface TrayMenuLine {
  readonly id: number;
  readonly label: string;
  readonly enabled: boolean;
  readonly separator: boolean;
}

const pixmaps = z.array(z.tuple([z.number(), z.number(), z.instanceof(Uint8Array)]));

/** Reads the session's tray as a desktop's panel would: over the bus. */
export class TrayReader {
  readonly #bus: MessageBus = sessionBus();

  close(): void {
    this.#bus.disconnect();
  }

  /** Items that are registered now, `<bus name>/<path>`. */
  async items(): Promise<readonly string[]> {
    const value = await this.#property(
      { owner: WATCHER, path: '/StatusNotifierWatcher', of: WATCHER },
      'RegisteredStatusNotifierItems',
    );
    return z.array(z.string()).parse(value);
  }

  async toolTip(item: string): Promise<string> {
    const value = await this.#property(itemAddress(item), 'ToolTip');
    return z.tuple([z.string(), z.unknown(), z.string(), z.string()]).parse(value)[2];
  }

  /**
   * The icon's content, as text that differs when the picture differs. Electron hands over pixels, or a file in a folder of its own
   * on desktops that want one.
   */
  async icon(item: string): Promise<string> {
    const reply = await this.#call({ ...itemAddress(item), of: PROPERTIES }, 'GetAll', 's', [ITEM]);
    const properties = z.record(z.string(), z.unknown()).parse(reply[0]);
    const of = (name: string): unknown => unwrap(properties[name]);
    const [folder, name] = [of('IconThemePath'), of('IconName')];
    if (typeof folder === 'string' && typeof name === 'string' && folder !== '') {
      const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) =>
        path.endsWith(`${name}.png`),
      );
      if (file !== undefined) return readFileSync(join(folder, file)).toString('base64');
    }
    const pictures = pixmaps.parse(of('IconPixmap'));
    return pictures.map(([, , bytes]) => Buffer.from(bytes).toString('base64')).join(' ');
  }

  async menu(item: string): Promise<readonly TrayMenuLine[]> {
    const address = await this.#menuAddress(item);
    const [, layout] = await this.#call(address, 'GetLayout', 'iias', [0, -1, []]);
    const [, , children] = menuNode.parse(layout);
    return children.map((child) => readLine(unwrap(child)));
  }

  /** Presses a line of the menu. */
  async press(item: string, label: string): Promise<void> {
    const line = (await this.menu(item)).find((candidate) => candidate.label === label);
    if (line === undefined) throw new Error(`the tray's menu has no "${label}"`);
    const address = await this.#menuAddress(item);
    await this.#call(address, 'Event', 'isvu', [line.id, 'clicked', new Variant('s', ''), 0]);
  }

  async #menuAddress(item: string): Promise<Address> {
    const path = z.string().parse(await this.#property(itemAddress(item), 'Menu'));
    return { owner: itemAddress(item).owner, path, of: MENU };
  }

  async #property(address: Address, name: string): Promise<unknown> {
    const reply = await this.#call({ ...address, of: PROPERTIES }, 'Get', 'ss', [address.of, name]);
    return unwrap(reply[0]);
  }

  async #call(
    address: Address,
    member: string,
    signature: string,
    body: unknown[],
  ): Promise<unknown[]> {
    const reply = await this.#bus.call(
      new Message({
        destination: address.owner,
        path: address.path,
        interface: address.of,
        member,
        signature,
        body,
      }),
    );
    return reply?.body ?? [];
  }
}

interface Address {
  readonly owner: string;
  readonly path: string;
  readonly of: string;
}

const menuNode = z.tuple([z.number(), z.record(z.string(), z.unknown()), z.array(z.unknown())]);

const unwrap = (value: unknown): unknown => (value instanceof Variant ? value.value : value);

function itemAddress(item: string): Address {
  const slash = item.indexOf('/');
  return { owner: item.slice(0, slash), path: item.slice(slash), of: ITEM };
}

function readLine(value: unknown): TrayMenuLine {
  const [id, properties] = menuNode.parse(value);
  const of = (name: string): unknown => unwrap(properties[name]);
  return {
    id,
    label: String(of('label') ?? '').replace(/_(.)/g, '$1'),
    enabled: of('enabled') !== false,
    separator: of('type') === 'separator',
  };
}
