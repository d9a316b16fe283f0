import { RotateCcw, Upload } from 'lucide-react';
import { useState } from 'react';
import { Button, FileTrigger } from 'react-aria-components';
import { MAX_MUSIC_BYTES, musicSchema, type Music } from '../../../../shared/config/admin/music.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Confirm } from '../../controls/dialog.tsx';
import { Loaded, Page, Panel, Remark } from '../../controls/page.tsx';
import { problemOfFailure, type Problem } from '../../model/problem.ts';
import { usePortal, useResource, useTenantPath } from '../../portal-context.tsx';
import { useFormats, useProblemWords, useSay } from '../../words.tsx';

/** What parked callers hear: listen, replace, back to the built-in one. */
export function MusicPage() {
  const say = useSay();
  const { api } = usePortal();
  const path = `${useTenantPath()}/music`;
  const music = useResource({ key: path, load: () => api.get(path, musicSchema) });
  return (
    <Page section={say('nav.advanced')} title={say('music.title')} about={say('music.about')}>
      <Loaded resource={music}>
        {(value) => (
          <>
            <Present music={value} path={path} onChanged={music.reload} />
            <Replace path={path} onChanged={music.reload} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface PartProps {
  readonly path: string;
  onChanged(): void;
}

function Present({ music, path, onChanged }: PartProps & { readonly music: Music }) {
  const say = useSay();
  const { dateTime, seconds } = useFormats();
  if (music.kind === 'built-in') {
    return (
      <Panel title={say('music.now')}>
        <p>{say('music.builtIn')}</p>
      </Panel>
    );
  }
  const { durationMs, uploadedBy, uploadedAt } = music;
  return (
    <Panel title={say('music.now')}>
      <p>
        {say('music.uploaded', {
          by: uploadedBy,
          at: dateTime(uploadedAt),
          length: seconds(durationMs),
        })}
      </p>
      <audio
        controls
        preload="metadata"
        aria-label={say('music.listen')}
        // Another file has another address: the browser keeps none of the one before.
        src={`/api/admin${path}.wav?at=${uploadedAt}`}
      />
      <BackToBuiltIn path={path} onChanged={onChanged} />
    </Panel>
  );
}

function BackToBuiltIn({ path, onChanged }: PartProps) {
  const say = useSay();
  const { api, notices } = usePortal();
  const [isAsked, setAsked] = useState(false);
  const remove = async () => {
    const answer = await api.send('DELETE', path);
    setAsked(false);
    if (answer.ok) notices.say({ id: 'music.removed' });
    else notices.say(problemOfFailure(answer.error), 'bad');
    onChanged();
  };
  return (
    <>
      <div className="form-actions">
        <ActionButton icon={RotateCcw} onPress={() => setAsked(true)}>
          {say('music.back')}
        </ActionButton>
      </div>
      {isAsked ? (
        <Confirm
          title={say('music.backTitle')}
          words={say('music.backWords')}
          yes={say('music.back')}
          onNo={() => setAsked(false)}
          onYes={() => void remove()}
        />
      ) : null}
    </>
  );
}

function Replace({ path, onChanged }: PartProps) {
  const say = useSay();
  const words = useProblemWords();
  const { api, notices } = usePortal();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const upload = async (file: File) => {
    if (file.size > MAX_MUSIC_BYTES) return setProblem({ id: 'error.too-large' });
    setBusy(true);
    setProblem(null);
    const answer = await api.change('PUT', path, {
      schema: musicSchema,
      file: { content: file, type: 'audio/wav' },
    });
    setBusy(false);
    if (!answer.ok) return setProblem(problemOfFailure(answer.error));
    notices.say({ id: 'music.taken' });
    onChanged();
  };
  return (
    <Panel title={say('music.replace')}>
      <p className="field-hint">{say('music.rules')}</p>
      <FileTrigger
        acceptedFileTypes={['.wav', 'audio/wav']}
        onSelect={(files) => {
          const file = files?.[0];
          if (file !== undefined) void upload(file);
        }}
      >
        <Button className="button button-plain" isPending={isBusy}>
          <Upload aria-hidden className="icon" />
          {say(isBusy ? 'music.uploading' : 'music.choose')}
        </Button>
      </FileTrigger>
      {problem === null ? null : (
        <Remark tone="bad" role="alert">
          <p>{words(problem)}</p>
        </Remark>
      )}
    </Panel>
  );
}
