/** What the terminal says around the output of calls. */
import { formatDuration } from '../shared/quantities.ts';
import { showControls } from '../shared/visibleText.ts';

/** `unanswered`: it waited for input in vain. `failed`: nothing could be run. */
export type EndOutcome = 'exited' | 'timedOut' | 'stopped' | 'unanswered' | 'failed';

const dim = (text: string) => `\x1b[2m${text}\x1b[0m`;
const coloured = (colour: 31 | 32 | 33 | 36, text: string) => `\x1b[${colour}m${text}\x1b[0m`;

/** Modes that a program may have left on, the other screen apart: mouse, focus and paste reports, insertion, keypad. */
const left = '?1 ?9 ?12 ?45 ?66 ?1000 ?1002 ?1003 ?1004 ?1006 ?1015 ?1016 ?2004 4'.split(' ');
const off = (modes: readonly string[]) => modes.map((mode) => `\x1b[${mode}l`).join('');
/**
 * Puts everything back that the filter lets pass: the other screen, those modes, a hidden cursor, colours, a link, a character
 * set, and the scrolling region. Some of them move the cursor, so it is kept meanwhile.
 */
export const calm = `${off(['?47'])}\x1b7${off(left)}\x1b[r\x1b8\x1b[0m\x1b]8;;\x1b\\\x0f\x1b(B\x1b[?7h\x1b[?25h\x1b[0 q`;

/** The line of a call as a prompt would show it, however many lines it has. */
export function promptLines(kind: 'command' | 'python', text: string, unconfined: boolean): string {
  const [first, next] = kind === 'command' ? ['$', '>'] : ['>>>', '...'];
  const shown = showControls(text.replace(/\r\n?/g, '\n').trimEnd()).split('\n');
  const prompted = shown.map((line, index) => `${coloured(36, index === 0 ? first : next)} ${line}\r\n`);
  return `${unconfined ? `${coloured(33, 'not confined')}\r\n` : ''}${prompted.join('')}`;
}

/** Said when a command waits for input. */
export function waitingLine(atLineStart: boolean): string {
  return `${atLineStart ? '' : '\r\n'}${coloured(33, '… waits for input: type it here')}\r\n`;
}

/** How a call ended. */
export function endLine(
  outcome: EndOutcome,
  exitCode: number | null,
  durationMs: number,
  atLineStart: boolean,
): string {
  const took = dim(` · ${formatDuration(durationMs)}`);
  const line = `${ending(outcome, exitCode)}${took}`;
  return `${calm}${atLineStart ? '' : '\r\n'}${line}\r\n\r\n`;
}

function ending(outcome: EndOutcome, exitCode: number | null): string {
  if (outcome === 'stopped') return coloured(33, '■ stopped');
  if (outcome === 'timedOut') return coloured(33, '■ timed out');
  if (outcome === 'unanswered') return coloured(33, '■ ended: it waited for input, and nobody typed');
  if (outcome === 'failed') return coloured(31, '✘ could not be run');
  return exitCode === 0 ? coloured(32, '✔ exit code 0') : coloured(31, `✘ exit code ${exitCode ?? 'unknown'}`);
}
