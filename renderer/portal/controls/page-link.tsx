import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { hashOf, type Route } from '../model/route.ts';

/** A link to a page of the portal; `look` makes it a button to the eye, it stays a link. */
export function PageLink({
  to,
  look = 'link',
  icon: Icon,
  children,
}: {
  readonly to: Route;
  readonly look?: 'link' | 'plain' | 'accent';
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}) {
  return (
    <a href={hashOf(to)} className={look === 'link' ? 'link' : `button button-${look}`}>
      {Icon === undefined ? null : <Icon aria-hidden className="icon" />}
      {children}
    </a>
  );
}
