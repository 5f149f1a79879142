/** A plan in a person's words: the same in the panel, on the terminal and in exports. */
import type { Plan } from './plan.ts';

/** "2 of 5 settled". */
export function settledWords({ items }: Plan): string {
  return `${items.filter(({ done }) => done).length} of ${items.length} settled`;
}

/** One line an item with its number, ticked where it is settled: `2. [x] How high is it?`. */
export function planLines({ items }: Plan): readonly string[] {
  return items.map(({ id, text, done }) => `${id}. [${done ? 'x' : ' '}] ${text}`);
}
