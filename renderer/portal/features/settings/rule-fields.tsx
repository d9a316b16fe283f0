import { Plus, Trash2 } from 'lucide-react';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Choice } from '../../../controls/choice.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import type { RuleDraft } from '../../model/settings-draft.ts';
import { useProblemWords, useSay } from '../../words.tsx';
import type { SettingPartProps } from './setting-fields.tsx';

/** Exceptions by make of phone; the first that fits wins. */
export function RuleFields({ draft, problems, onChange }: SettingPartProps) {
  const say = useSay();
  const words = useProblemWords();
  const { rules } = draft;
  const problem = words(problems['userAgentRules']);
  const change = (key: number, change: Partial<RuleDraft>) =>
    onChange({ rules: rules.map((rule) => (rule.key === key ? { ...rule, ...change } : rule)) });
  const add = () => {
    const key = Math.max(0, ...rules.map((rule) => rule.key + 1));
    onChange({
      rules: [...rules, { key, userAgent: '', dialogState: 'usual', challenge: 'usual' }],
    });
  };
  return (
    <fieldset className="rules">
      <legend className="field-label">{say('settings.rules')}</legend>
      <p className="field-hint">{say('settings.rulesHint')}</p>
      {problem === null ? null : (
        <p className="field-error" role="alert">
          {problem}
        </p>
      )}
      {rules.map((rule) => (
        <Rule
          key={rule.key}
          rule={rule}
          onChange={(part) => change(rule.key, part)}
          onRemove={() => onChange({ rules: rules.filter((each) => each.key !== rule.key) })}
        />
      ))}
      <ActionButton icon={Plus} onPress={add}>
        {say('settings.ruleAdd')}
      </ActionButton>
    </fieldset>
  );
}

interface RuleProps {
  readonly rule: RuleDraft;
  onChange(change: Partial<RuleDraft>): void;
  onRemove(): void;
}

function Rule({ rule, onChange, onRemove }: RuleProps) {
  const say = useSay();
  return (
    <div className="fields-row rule">
      <TextLine
        label={say('settings.ruleAgent')}
        value={rule.userAgent}
        onChange={(userAgent) => onChange({ userAgent })}
        maxLength={120}
        machine
      />
      <Choice
        label={say('settings.dialogState')}
        value={rule.dialogState}
        options={(['usual', 'confirmed', 'early'] as const).map((value) => ({
          value,
          label: say(`dialogState.${value}`),
        }))}
        onChange={(dialogState) => onChange({ dialogState })}
      />
      <Choice
        label={say('settings.challenge')}
        value={rule.challenge}
        options={(['usual', 'md5', 'both', 'sha256'] as const).map((value) => ({
          value,
          label: say(`digest.${value}`),
        }))}
        onChange={(challenge) => onChange({ challenge })}
      />
      <IconButton
        icon={Trash2}
        label={say('settings.ruleRemove', { name: rule.userAgent })}
        onPress={onRemove}
      />
    </div>
  );
}
