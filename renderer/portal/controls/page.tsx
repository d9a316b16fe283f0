import type { LucideIcon } from 'lucide-react';
import { CircleAlert, RefreshCw, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { ActionButton } from '../../controls/action-button.tsx';
import { problemOfFailure } from '../model/problem.ts';
import type { Resource } from '../portal-context.tsx';
import { useProblemWords, useSay } from '../words.tsx';

interface PageProps {
  readonly title: string;
  readonly about?: string;
  /** Where it belongs, before the title. */
  readonly section?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One page: its title takes the focus when it opens, so that a screen reader says where one is. */
export function Page({ title, about, section, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Parkline`;
  }, [title]);
  useEffect(() => {
    if (document.activeElement === document.body || !isTyping()) heading.current?.focus();
  }, []);
  return (
    <div className="desk">
      <header className="desk-head">
        <div className="desk-words">
          {section === undefined ? null : <p className="desk-section">{section}</p>}
          <h1 ref={heading} tabIndex={-1} className="desk-title">
            {title}
          </h1>
          {about === undefined ? null : <p className="desk-about">{about}</p>}
        </div>
        {actions === undefined ? null : <div className="desk-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

function isTyping(): boolean {
  return document.activeElement?.matches('.desk input, .desk button') ?? false;
}

/** A place of its own for what belongs together. */
export function Panel({
  title,
  about,
  children,
}: {
  readonly title?: string;
  readonly about?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="panel" {...(title === undefined ? {} : { 'aria-label': title })}>
      {title === undefined ? null : <h2 className="panel-title">{title}</h2>}
      {about === undefined ? null : <p className="panel-about">{about}</p>}
      {children}
    </section>
  );
}

/** Something to know before going on. */
export function Remark({
  tone = 'warn',
  icon: Icon = tone === 'bad' ? CircleAlert : TriangleAlert,
  role,
  children,
}: {
  readonly tone?: 'warn' | 'bad' | 'calm';
  readonly icon?: LucideIcon;
  readonly role?: 'alert' | 'status';
  readonly children: ReactNode;
}) {
  return (
    <div className="remark" data-tone={tone} role={role}>
      <Icon aria-hidden className="icon" />
      <div className="remark-words">{children}</div>
    </div>
  );
}

/** What was read, or why not, or that it is being read. */
export function Loaded<T>({
  resource,
  children,
}: {
  readonly resource: Resource<T>;
  readonly children: (value: T) => ReactNode;
}) {
  const say = useSay();
  const words = useProblemWords();
  const { value, failure, reload } = resource;
  return (
    <>
      {failure === null ? null : (
        <Remark tone="bad" role="alert">
          <p>{words(problemOfFailure(failure))}</p>
          <ActionButton icon={RefreshCw} onPress={reload}>
            {say('common.tryAgain')}
          </ActionButton>
        </Remark>
      )}
      {value !== null ? children(value) : null}
      {value === null && failure === null ? (
        <p className="loading" role="status">
          {say('common.loading')}
        </p>
      ) : null}
    </>
  );
}
