import { useState, type ReactNode } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import { ActionButton } from '../../controls/action-button.tsx';
import { differences, merged, type Side } from '../model/merge.ts';
import type { Editor } from '../use-editor.ts';
import { useFormats, useSay } from '../words.tsx';
import { Dialog } from './dialog.tsx';

/** How a field of a form is called and shown to who has to choose between two versions of it. */
export interface ComparedField<Draft extends object> {
  readonly key: keyof Draft & string;
  readonly label: string;
  readonly show: (draft: Draft) => ReactNode;
}

interface CompareProps<Draft extends object> {
  readonly editor: Editor<Draft>;
  readonly fields: readonly ComparedField<Draft>[];
}

/** My version beside the one that somebody saved meanwhile; field by field, a person says which is kept. */
export function CompareVersions<Draft extends object>({ editor, fields }: CompareProps<Draft>) {
  const say = useSay();
  const { dateTime } = useFormats();
  const { newer, base, draft } = editor;
  const [chosen, setChosen] = useState<ReadonlyMap<string, Side>>(new Map());
  if (newer === null) return null;
  const versions = { base: base.draft, mine: draft, theirs: newer.draft };
  const found = differences(
    versions,
    fields.map(({ key }) => key),
  );
  const choices = new Map(
    found.flatMap(({ key, proposal }) => {
      const side = chosen.get(key) ?? proposal;
      return side === null ? [] : [[key, side] as const];
    }),
  );
  const wanted = () => merged(draft, newer.draft, choices);
  return (
    <Dialog title={say('conflict.title')} wide onClose={() => editor.compare(false)}>
      <p>{say('conflict.words', { by: newer.by || '–', at: dateTime(newer.at) })}</p>
      {found.length === 0 ? <p>{say('conflict.same')}</p> : null}
      {found.map(({ key }) => (
        <OneField
          key={key}
          field={fields.find((each) => each.key === key)}
          versions={versions}
          side={choices.get(key) ?? null}
          onChoose={(side) => setChosen((before) => new Map(before).set(key, side))}
        />
      ))}
      <div className="form-actions">
        <ActionButton onPress={() => editor.settle(newer.draft, false)}>
          {say('conflict.discard')}
        </ActionButton>
        <ActionButton
          tone="accent"
          isDisabled={choices.size < found.length}
          onPress={() => editor.settle(wanted(), true)}
        >
          {say('conflict.save')}
        </ActionButton>
      </div>
    </Dialog>
  );
}

interface OneFieldProps<Draft extends object> {
  readonly field: ComparedField<Draft> | undefined;
  readonly versions: { readonly mine: Draft; readonly theirs: Draft };
  readonly side: Side | null;
  onChoose(side: Side): void;
}

function OneField<Draft extends object>({ field, versions, side, onChoose }: OneFieldProps<Draft>) {
  const say = useSay();
  if (field === undefined) return null;
  return (
    <RadioGroup
      className="versions"
      value={side}
      onChange={(value) => onChoose(value === 'mine' ? 'mine' : 'theirs')}
      aria-label={field.label}
    >
      <span className="field-label">{field.label}</span>
      <div className="versions-two">
        {(['mine', 'theirs'] as const).map((each) => (
          <Radio key={each} value={each} className="version">
            <span className="version-dot" aria-hidden />
            <span className="version-words">
              <span className="version-whose">{say(`conflict.${each}`)}</span>
              <span className="version-value">{field.show(versions[each])}</span>
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
