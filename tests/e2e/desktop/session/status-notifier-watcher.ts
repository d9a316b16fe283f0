/**
 * A tray of the test session's own: the registry of StatusNotifierItem
 * (https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/), and a host that is always there. Items are read by tests
 * straight from their owners; this only tells who is registered.
 */
import { Message, MessageType, sessionBus, Variant } from '@jellybrick/dbus-next';

const NAME = 'org.kde.StatusNotifierWatcher';
const PATH = '/StatusNotifierWatcher';
const PROPERTIES = 'org.freedesktop.DBus.Properties';

const bus = sessionBus();
/** `<bus name>/<object path>` of every item, as KDE writes them. */
const items = new Set<string>();

const properties = (): Record<string, Variant> => ({
  RegisteredStatusNotifierItems: new Variant('as', [...items]),
  IsStatusNotifierHostRegistered: new Variant('b', true),
  ProtocolVersion: new Variant('i', 0),
});

/** An item registers by its object path, or by a bus name of its own. */
function register(sender: string, argument: string): void {
  const item = argument.startsWith('/') ? `${sender}${argument}` : `${argument}/StatusNotifierItem`;
  items.add(item);
  bus.send(Message.newSignal(PATH, NAME, 'StatusNotifierItemRegistered', 's', [item]));
}

/** A program that leaves the bus takes its items with it. */
function forget(owner: string): void {
  for (const item of items) {
    if (!item.startsWith(`${owner}/`)) continue;
    items.delete(item);
    bus.send(Message.newSignal(PATH, NAME, 'StatusNotifierItemUnregistered', 's', [item]));
  }
}

function answer(message: Message): Message | null {
  const [first, second] = message.body;
  if (message.interface === NAME && message.member === 'RegisterStatusNotifierItem') {
    register(message.sender, String(first));
    return Message.newMethodReturn(message);
  }
  if (message.interface === NAME) return Message.newMethodReturn(message);
  if (message.interface !== PROPERTIES) return null;
  if (message.member === 'GetAll') {
    return Message.newMethodReturn(message, 'a{sv}', [properties()]);
  }
  const value = properties()[String(second)];
  return value === undefined
    ? Message.newError(message, 'org.freedesktop.DBus.Error.UnknownProperty', String(second))
    : Message.newMethodReturn(message, 'v', [value]);
}

bus.on('message', (message: Message) => {
  if (message.type !== MessageType.SIGNAL || message.member !== 'NameOwnerChanged') return;
  const [name, , newOwner] = message.body;
  if (newOwner === '') forget(String(name));
});
bus.addMethodHandler((message: Message) => {
  if (message.path !== PATH) return false;
  const reply = answer(message);
  if (reply !== null) bus.send(reply);
  return reply !== null;
});
await bus.call(
  new Message({
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'AddMatch',
    signature: 's',
    body: ["type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"],
  }),
);
await bus.requestName(NAME);
