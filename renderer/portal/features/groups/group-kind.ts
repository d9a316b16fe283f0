import type { z } from 'zod';
import type { Problems } from '../../model/problem.ts';
import type { Saved } from '../../use-editor.ts';

/** What every kind of group has as the server gives it. */
export interface GroupView {
  readonly name: string;
  readonly changedBy: string;
  readonly changedAt: number;
}

/** What every kind of group has in its form. */
export interface GroupDraft {
  readonly name: string;
}

/** A kind of group that admins edit: where it is kept, and how it is read, checked and written. */
export interface GroupKind<View extends GroupView, Draft extends GroupDraft> {
  /** Its list in the portal, its path in the Admin API, and what is told when one of them changes. */
  readonly page: 'park-groups' | 'ring-groups';
  readonly schema: z.ZodType<View>;
  /** What a new one begins as. */
  readonly fresh: Saved<Draft>;
  readonly saved: (view: View) => Saved<Draft>;
  /** What can be told without the server. */
  readonly check: (draft: Draft, base: Draft) => Problems;
  readonly body: (draft: Draft) => object;
}
