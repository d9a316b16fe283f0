import { ChevronDown, SquareParking } from 'lucide-react';
import { useMemo, useState } from 'react';
import {
  Button,
  Dialog,
  DialogTrigger,
  Group,
  Heading,
  Input,
  ListBox,
  ListBoxItem,
  Popover,
  SearchField,
  TextField,
  Label,
} from 'react-aria-components';
import { formatFeatureCode } from '../../../../shared/domain/feature-code.ts';
import { isExtension } from '../../../../shared/domain/ids.ts';
import type { Call } from '../../../../shared/phone/call.ts';
import { usePhone, usePhoneState, useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { unknownLamp, type LampState } from '../../../../shared/phone/lamps.ts';
import { Lamp, lampWords, useLamps } from '../contacts/lamp.tsx';
import type { DirectoryEntry } from '../../model/phone-state.ts';

const NOTE_LIMIT = 200;

/** Parks on my extension with one press; its menu parks on a colleague or to my group, with a note. */
export function ParkButton({ call }: { readonly call: Call }) {
  const say = useSay();
  const phone = usePhone();
  const { server } = useSession();
  const codes = usePhoneState((state) => state.codes);
  const { parts } = usePhoneState((state) => state.pbx);
  const group = usePhoneState((state) => (state.pbx.parts.parkOnGroup ? state.group : null));
  const registered = usePhoneState((state) => state.line.kind === 'registered');
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState('');
  // This PBX has nowhere to park a call.
  if (codes.park === '') return null;
  const onMe = say(parts.parkOnColleague ? 'park.onMe' : 'park.inLot');
  const can = registered && (call.state.kind === 'active' || call.state.kind === 'held');
  const park = (code: string) => {
    setOpen(false);
    phone.park(call.id, { code, note: note.trim() === '' ? null : note.trim() });
  };
  const show = (opened: boolean) => {
    if (opened) void server.refreshDirectory();
    setOpen(opened);
  };
  return (
    <Group className="park-split" aria-label={say('park.action')}>
      <Button
        className="button button-accent park-main"
        isDisabled={!can}
        onPress={() => park(codes.park)}
        {...(call.state.kind === 'parking' ? {} : { 'aria-label': onMe })}
      >
        <SquareParking aria-hidden className="icon" />
        <span>{call.state.kind === 'parking' ? say('park.parking') : say('park.action')}</span>
      </Button>
      {parts.parkOnColleague ? (
        <DialogTrigger isOpen={open} onOpenChange={show}>
          <Button
            className="button button-accent park-more"
            isDisabled={!can}
            aria-label={say('park.more')}
          >
            <ChevronDown aria-hidden className="icon" />
          </Button>
          <Popover className="popover park-popover" placement="top end">
            <Dialog className="park-menu">
              <Heading slot="title" className="menu-title">
                {say('park.menuTitle')}
              </Heading>
              {parts.note ? (
                <TextField value={note} onChange={setNote} maxLength={NOTE_LIMIT} className="field">
                  <Label className="field-label">{say('park.noteLabel')}</Label>
                  <div className="field-box">
                    <Input className="field-input" />
                  </div>
                </TextField>
              ) : null}
              <div className="park-menu-own">
                <Button className="button button-plain" onPress={() => park(codes.park)}>
                  {say('park.onMe')}
                </Button>
                {group === null ? null : (
                  <Button className="button button-plain" onPress={() => park(codes.parkGroup)}>
                    {say('park.onGroup')}
                  </Button>
                )}
              </div>
              <Colleagues
                onPick={(extension) =>
                  isExtension(extension) &&
                  park(formatFeatureCode({ kind: 'park-extension', extension }, codes))
                }
              />
            </Dialog>
          </Popover>
        </DialogTrigger>
      ) : null}
    </Group>
  );
}

/** Everyone in the directory with their state, found by name or number; without a directory, an extension is typed. */
function Colleagues({ onPick }: { onPick(extension: string): void }) {
  const say = useSay();
  const [search, setSearch] = useState('');
  const server = usePhoneState((state) => state.server);
  const me = usePhoneState((state) => state.account.extension);
  const lampOf = useLamps();
  const all =
    server.kind === 'ready' ? server.directory.filter((entry) => entry.extension !== me) : [];
  const found = useMemo(() => matching(all, search), [all, search]);
  const typed =
    isExtension(search.trim()) && !found.some((entry) => entry.extension === search.trim())
      ? search.trim()
      : null;
  return (
    <div className="colleagues">
      <SearchField
        value={search}
        onChange={setSearch}
        className="field"
        onSubmit={() => typed !== null && onPick(typed)}
      >
        <Label className="field-label">{say('park.colleague')}</Label>
        <div className="field-box">
          <Input className="field-input" placeholder={say('park.colleagueHint')} />
        </div>
      </SearchField>
      <ListBox
        aria-label={say('park.colleagues')}
        className="list-box colleague-list"
        onAction={(key) => onPick(String(key))}
        renderEmptyState={() => <p className="list-none">{say('park.noColleague')}</p>}
      >
        {[
          ...found.map((entry) => ({ entry, lamp: lampOf(entry) })),
          ...(typed === null
            ? []
            : [
                {
                  entry: {
                    extension: typed,
                    displayName: '',
                    registered: true,
                    doNotDisturb: false,
                  },
                  lamp: unknownLamp,
                },
              ]),
        ].map(({ entry, lamp }) => (
          <ListBoxItem
            key={entry.extension}
            id={entry.extension}
            textValue={`${entry.displayName} ${entry.extension}`}
            className="list-option"
          >
            <ColleagueLine entry={entry} lamp={lamp} />
          </ListBoxItem>
        ))}
      </ListBox>
    </div>
  );
}

function ColleagueLine({
  entry,
  lamp,
}: {
  readonly entry: DirectoryEntry;
  readonly lamp: LampState;
}) {
  const say = useSay();
  return (
    <>
      <Lamp state={lamp} />
      <span className="list-option-words">
        <bdi>{entry.displayName === '' ? entry.extension : entry.displayName}</bdi>
        <span className="list-option-more">
          {entry.displayName === '' ? '' : `${entry.extension} · `}
          {lampWords(lamp, say)}
        </span>
      </span>
    </>
  );
}

/** Names and numbers that contain every word typed. */
export function matching(
  entries: readonly DirectoryEntry[],
  search: string,
): readonly DirectoryEntry[] {
  const words = search
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return entries.filter((entry) => {
    const text = `${entry.displayName} ${entry.extension}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
