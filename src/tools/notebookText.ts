/** A notebook's cell as text for the model. */
import { countOf } from '../shared/quantities.ts';
import type { NotebookCell } from './notebook.ts';

const maxSourceChars = 20_000;
const maxOutputChars = 4_000;

/** A cell under a line that names it, its outputs under one more; `shortened` cuts a line. */
export function notebookText(
  { type, source, outputs, executionCount }: NotebookCell,
  number: number,
  total: number,
  shortened: (line: string) => string,
): string {
  const ran = executionCount === undefined ? '' : ` [${executionCount}]`;
  const parts = [`--- Cell ${number} of ${total}: ${type}${ran} ---`];
  if (source !== '') parts.push(cut(source, maxSourceChars, shortened));
  const said = outputs.map((output) => output.replace(/\n$/, '')).filter((output) => output !== '');
  if (said.length > 0) {
    parts.push(`--- Output of cell ${number} ---`, cut(said.join('\n'), maxOutputChars, shortened));
  }
  return parts.join('\n');
}

/** The head of a long text and its end, which says what went wrong. */
function cut(text: string, maxChars: number, shortened: (line: string) => string): string {
  const lines = text.split('\n').map(shortened);
  const whole = lines.join('\n');
  if (whole.length <= maxChars) return whole;
  const head = whole.slice(0, maxChars / 2).replace(/[\uD800-\uDBFF]$/, '');
  const tail = whole.slice(-maxChars / 2).replace(/^[\uDC00-\uDFFF]/, '');
  return `${head}\n… [${countOf(whole.length - maxChars, 'character')} left out]\n${tail}`;
}
