/** What a run found on the question that it began with, whatever was asked of it later. */
import type { Item } from './items.ts';

/** Its items up to the second question. */
export function ofFirstQuestion(items: readonly Item[]): readonly Item[] {
  const next = items.findIndex((item, at) => at > 0 && item.kind === 'question');
  return next < 0 ? items : items.slice(0, next);
}
