import { useEffect, useMemo, useRef, useState } from 'react';
import type { Answer } from './model/api.ts';
import type { Changed } from './model/live.ts';
import { isSame } from './model/merge.ts';
import { problemsOfFailure, type Problems } from './model/problem.ts';
import { usePortal } from './portal-context.tsx';

/** Something as it is saved, with who saved it last. */
export interface Saved<Draft> {
  readonly draft: Draft;
  /** 0 for what is new. */
  readonly version: number;
  readonly by: string;
  readonly at: number;
}

export interface EditorOptions<Draft extends object> {
  /** As it was when the form was opened. */
  readonly opened: Saved<Draft>;
  /** What can be told without the server. */
  readonly check: (draft: Draft, base: Draft) => Problems;
  readonly save: (draft: Draft, version: number) => Promise<Answer<Saved<Draft>>>;
  /** Reads it as it is saved now; absent for what is new. */
  readonly read?: () => Promise<Answer<Saved<Draft>>>;
  readonly onSaved: (saved: Saved<Draft>) => void;
  /** By which change of the server somebody else's save is noticed while the form is open. */
  readonly on?: Changed;
}

export interface Editor<Draft extends object> {
  readonly base: Saved<Draft>;
  readonly draft: Draft;
  readonly problems: Problems;
  readonly isUnsaved: boolean;
  readonly isSaving: boolean;
  /** Somebody else saved another version meanwhile. */
  readonly newer: Saved<Draft> | null;
  /** The person wants to compare, or tried to save over it. */
  readonly isComparing: boolean;
  set(change: Partial<Draft>): void;
  save(): Promise<void>;
  compare(isOpen: boolean): void;
  /** Goes on from the newer version with these values; `save` at once or only fill the form. */
  settle(draft: Draft, save: boolean): void;
}

/** A form over something that several people may have open: nothing is lost, and nobody's work is overwritten unseen. */
export function useEditor<Draft extends object>(options: EditorOptions<Draft>): Editor<Draft> {
  const { router, live } = usePortal();
  const [base, setBase] = useState(options.opened);
  const [draft, setDraft] = useState(options.opened.draft);
  const [problems, setProblems] = useState<Problems>({});
  const [isSaving, setSaving] = useState(false);
  const [newer, setNewer] = useState<Saved<Draft> | null>(null);
  const [isComparing, setComparing] = useState(false);
  const isUnsaved = !isSame(draft, base.draft);
  const latest = useRef({ isUnsaved, base, options });
  latest.current = { isUnsaved, base, options };

  useEffect(() => {
    const guard = router.guard(() => latest.current.isUnsaved);
    return () => guard.dispose();
  }, [router]);

  const readNewer = async (): Promise<Saved<Draft> | null> => {
    const answer = await latest.current.options.read?.();
    if (answer?.ok !== true || answer.value.version === latest.current.base.version) return null;
    return answer.value;
  };

  const { on } = options;
  useEffect(() => {
    if (on === undefined) return;
    const listening = live.onChanged(async (what) => {
      if (what !== on) return;
      const found = await readNewer();
      if (found === null) return;
      // Nothing typed yet: simply show what is so.
      if (!latest.current.isUnsaved) {
        setBase(found);
        setDraft(found.draft);
      } else setNewer(found);
    });
    return () => listening.dispose();
  }, [live, on]);

  const send = async (wanted: Draft, from: Saved<Draft>) => {
    setSaving(true);
    const answer = await options.save(wanted, from.version);
    setSaving(false);
    if (answer.ok) {
      latest.current.isUnsaved = false;
      setBase(answer.value);
      setDraft(answer.value.draft);
      setNewer(null);
      setComparing(false);
      setProblems({});
      options.onSaved(answer.value);
      return;
    }
    const { error } = answer;
    const beaten = error.kind === 'refused' && error.refusal.error === 'changed-meanwhile';
    const found = beaten ? await readNewer() : null;
    if (found === null) return setProblems(problemsOfFailure(error));
    setNewer(found);
    setComparing(true);
  };

  return useMemo(
    () => ({
      base,
      draft,
      problems,
      isUnsaved,
      isSaving,
      newer,
      isComparing,
      set: (change) => {
        setDraft((before) => ({ ...before, ...change }));
      },
      save: async () => {
        if (isSaving) return;
        const found = options.check(draft, base.draft);
        setProblems(found);
        if (Object.keys(found).length > 0) return;
        if (newer === null) await send(draft, base);
        else setComparing(true);
      },
      compare: setComparing,
      settle: (wanted, save) => {
        if (newer === null) return;
        setBase(newer);
        setDraft(wanted);
        setComparing(false);
        setNewer(null);
        setProblems({});
        if (save) void send(wanted, newer);
      },
    }),
    [base, draft, problems, isUnsaved, isSaving, newer, isComparing, options],
  );
}
