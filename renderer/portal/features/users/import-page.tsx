import { FileUp, Upload } from 'lucide-react';
import { useState } from 'react';
import { Button, FileTrigger } from 'react-aria-components';
import {
  MAX_CSV_BYTES,
  importResultSchema,
  type ImportResult,
} from '../../../../shared/config/admin/users.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { DataTable } from '../../controls/data-table.tsx';
import { Page, Panel, Remark } from '../../controls/page.tsx';
import { problemOfFailure, type Problem } from '../../model/problem.ts';
import { usePortal, useTenantId, useTenantPath } from '../../portal-context.tsx';
import { useProblemWords, useSay } from '../../words.tsx';

type Step =
  | { readonly kind: 'choose' }
  | { readonly kind: 'busy'; readonly file: File }
  | { readonly kind: 'refused'; readonly file: File; readonly problem: Problem }
  | { readonly kind: 'checked'; readonly file: File; readonly result: ImportResult };

/** Users from a CSV file: first what it would do, and which lines are bad; then, if one wants, all of it or nothing. */
export function ImportPage() {
  const say = useSay();
  const [step, setStep] = useState<Step>({ kind: 'choose' });
  const send = useSend();
  const check = async (file: File) => {
    setStep({ kind: 'busy', file });
    const outcome = await send(file, true);
    setStep({ ...outcome, file });
  };
  return (
    <Page section={say('users.title')} title={say('import.title')} about={say('import.about')}>
      <Panel>
        <pre className="sample" dir="ltr">
          {
            'extension,password,name\n101,correct-horse-battery,Bob Miller\n102,staple-of-the-day,Alice'
          }
        </pre>
        <p className="field-hint">{say('import.rules')}</p>
        <FileTrigger
          acceptedFileTypes={['.csv', 'text/csv']}
          onSelect={(files) => {
            const file = files?.[0];
            if (file !== undefined) void check(file);
          }}
        >
          <Button className="button button-plain">
            <FileUp aria-hidden className="icon" />
            {say('import.choose')}
          </Button>
        </FileTrigger>
      </Panel>
      <div role="status">
        {step.kind === 'busy' ? <p>{say('import.checking', { file: step.file.name })}</p> : null}
      </div>
      {step.kind === 'refused' ? <Refused problem={step.problem} /> : null}
      {step.kind === 'checked' ? <Checked {...step} onStep={setStep} /> : null}
    </Page>
  );
}

type Outcome =
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'checked'; readonly result: ImportResult };

function useSend() {
  const { api } = usePortal();
  const path = `${useTenantPath()}/users/import`;
  return async (file: File, dryRun: boolean): Promise<Outcome> => {
    if (file.size > MAX_CSV_BYTES) return { kind: 'refused', problem: { id: 'error.too-large' } };
    const answer = await api.change('POST', `${path}?dryRun=${dryRun}`, {
      schema: importResultSchema,
      file: { content: file, type: 'text/csv' },
    });
    if (answer.ok) return { kind: 'checked', result: answer.value };
    const { error } = answer;
    const lines = error.kind === 'refused' ? error.refusal.details?.lines : undefined;
    if (lines !== undefined) return { kind: 'checked', result: { added: 0, changed: 0, lines } };
    return { kind: 'refused', problem: problemOfFailure(error) };
  };
}

function Refused({ problem }: { readonly problem: Problem }) {
  const words = useProblemWords();
  return (
    <Remark tone="bad" role="alert">
      <p>{words(problem)}</p>
    </Remark>
  );
}

interface CheckedProps {
  readonly file: File;
  readonly result: ImportResult;
  onStep(step: Step): void;
}

function Checked({ file, result, onStep }: CheckedProps) {
  const say = useSay();
  const { router, notices } = usePortal();
  const tenantId = useTenantId();
  const send = useSend();
  const { added, changed, lines } = result;
  if (lines.length > 0) return <BadLines file={file} lines={lines} />;
  const run = async () => {
    onStep({ kind: 'busy', file });
    const outcome = await send(file, false);
    if (outcome.kind === 'refused' || outcome.result.lines.length > 0) {
      return onStep({ ...outcome, file });
    }
    router.goOn({ kind: 'tenant', tenantId, page: 'users', item: null });
    notices.say({ id: 'import.done', values: { added, changed } });
  };
  return (
    <Panel title={say('import.wouldTitle', { file: file.name })}>
      <p>{say('import.would', { added, changed })}</p>
      {changed > 0 ? (
        <Remark>
          <p>{say('import.wouldChange', { changed })}</p>
        </Remark>
      ) : null}
      <div className="form-actions">
        <ActionButton tone="accent" icon={Upload} onPress={() => void run()}>
          {say('import.go')}
        </ActionButton>
      </div>
    </Panel>
  );
}

function BadLines({ file, lines }: Pick<ImportResult, 'lines'> & { readonly file: File }) {
  const say = useSay();
  return (
    <Panel title={say('import.badTitle', { file: file.name })}>
      <Remark tone="bad" role="alert">
        <p>{say('import.bad', { count: lines.length })}</p>
      </Remark>
      <DataTable
        label={say('import.badTitle', { file: file.name })}
        columns={[
          { id: 'line', title: say('import.line'), numeric: true, cell: ({ line }) => line },
          { id: 'problem', title: say('import.problem'), cell: ({ problem }) => problem },
        ]}
        rows={lines.map((line, index) => ({ ...line, index }))}
        keyOf={({ index }) => index}
        none=""
      />
    </Panel>
  );
}
