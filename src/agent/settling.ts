/** What is settled between a question and its first turn: what it means, and how it is worked on. */
import type { Trajectory } from '../shared/trajectory.ts';

/** A step before the first turn. */
export type SettlingStep =
  | { readonly kind: 'clarify' }
  | { readonly kind: 'awaitAnswers'; readonly questions: readonly string[] }
  | { readonly kind: 'plan' };

/** The next one; undefined where all is settled, or the research has begun. */
export function settlingStep({ items, settings, plan }: Trajectory): SettlingStep | undefined {
  if (!settings?.clarify && !settings?.plan) return undefined;
  const at = items.findLastIndex((item) => item.kind === 'question');
  const question = items[at];
  if (question?.kind !== 'question' || items.slice(at).some(isWork)) return undefined;
  const { clarification } = question;
  if (settings.clarify && !clarification) return { kind: 'clarify' };
  const { questions = [], answers } = clarification ?? {};
  if (settings.clarify && questions.length > 0 && !answers) return { kind: 'awaitAnswers', questions };
  return settings.plan && !plan ? { kind: 'plan' } : undefined;
}

function isWork({ kind }: Trajectory['items'][number]): boolean {
  return kind === 'turn' || kind === 'rolledBack' || kind === 'attempt';
}
