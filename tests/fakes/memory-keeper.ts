import { storageKeeper, type Keeper } from '../../renderer/phone/model/keeper.ts';

/** Keeps records in memory, as JSON. @param room characters there is room for */
export function memoryKeeper(room: number = Number.POSITIVE_INFINITY): Keeper {
  const items = new Map<string, string>();
  return storageKeeper({
    length: 0,
    key: () => null,
    clear: () => items.clear(),
    getItem: (name) => items.get(name) ?? null,
    removeItem: (name) => void items.delete(name),
    setItem(name, value) {
      if (value.length > room) throw new Error('full');
      items.set(name, value);
    },
  });
}
