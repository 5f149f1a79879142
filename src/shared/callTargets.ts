/** What calls say of the things that they are made for, read from their arguments. Pure. */
import { isRecord } from './json.ts';
import type { Call } from './trajectory.ts';

type Arguments = Call['arguments'];

/** The text of an argument; empty when it is not there. */
export function argument(args: Readonly<Record<string, unknown>>, ...names: readonly string[]): string {
  for (const name of names) {
    const value = args[name];
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
  }
  return '';
}

/** A passage and what it becomes. */
export interface ShownEdit {
  readonly oldText: string;
  readonly newText: string;
}

/** The edits that a call asks for, one or several, in its order. */
export function editsOf(args: Arguments): readonly ShownEdit[] {
  const { edits } = args;
  const several = Array.isArray(edits) ? edits.filter(isRecord) : [];
  if (several.length === 0) return [editOf(args)];
  return several.map(editOf);
}

function editOf(args: Arguments): ShownEdit {
  return { oldText: argument(args, 'old_text'), newText: argument(args, 'new_text') };
}

/** "cell 3", "new cell 3", "without cell 3". */
export function cellWords(args: Arguments): string {
  const cell = `cell ${argument(args, 'cell')}`.trim();
  const action = argument(args, 'action');
  if (action === 'insert') return `new ${cell}`;
  return action === 'delete' ? `without ${cell}` : cell;
}

/** "a → b"; what is there, where one of both is missing. */
export function fromTo(from: string, to: string): string {
  return [from, to].filter(Boolean).join(' → ');
}

/** "12-1", "12-1 for “error”", "12-1 from line 200". */
export function outputTarget(args: Arguments): string {
  const [call, from, pattern] = [argument(args, 'call'), argument(args, 'from'), argument(args, 'pattern')];
  return `${call}${pattern && ` for “${pattern}”`}${from && ` from line ${from}`}`;
}
