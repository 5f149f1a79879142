/** What the terminal says around the output of calls. */
import { formatDuration } from '../shared/quantities.ts';
import { showControls } from '../shared/visibleText.ts';

/** `failed`: nothing could be run. */
export type EndOutcome = 'exited' | 'timedOut' | 'stopped' | 'failed';

const dim = (text: string) => `\x1b[2m${text}\x1b[0m`;
const coloured = (colour: 31 | 32 | 33 | 36, text: string) => `\x1b[${colour}m${text}\x1b[0m`;

/** What a program may have left on: colours, a hidden cursor, the other screen, mouse and paste modes. */
const calm = '\x1b[0m\x1b[?25h\x1b[?47l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l';

/** The line of a call as a prompt would show it, however many lines it has. */
export function promptLines(kind: 'command' | 'python', text: string, unconfined: boolean): string {
  const [first, next] = kind === 'command' ? ['$', '>'] : ['>>>', '...'];
  const shown = showControls(text.replace(/\r\n?/g, '\n').trimEnd()).split('\n');
  const prompted = shown.map((line, index) => `${coloured(36, index === 0 ? first : next)} ${line}\r\n`);
  return `${unconfined ? `${coloured(33, 'not confined')}\r\n` : ''}${prompted.join('')}`;
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
  if (outcome === 'failed') return coloured(31, '✘ could not be run');
  return exitCode === 0 ? coloured(32, '✔ exit code 0') : coloured(31, `✘ exit code ${exitCode ?? 'unknown'}`);
}
