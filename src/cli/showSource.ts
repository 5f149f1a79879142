/** `show --source N`: what was read of a source, around the words that the answer quotes. */
import { UserError } from '../agent/errors.ts';
import { around, readEvidence } from '../runs/readEvidence.ts';
import { placeOf, shownSources, stateWords } from '../shared/shownSources.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { showControls, shownPath } from '../shared/visibleText.ts';

const linesAround = 4;
/** Of a text whose quote was not found. */
const shownChars = 4_000;

/** The text for a person. Throws UserError when the answer has no such source, or nothing of it was read. */
export async function sourceText(trajectory: Trajectory, number: number, runFolder: string): Promise<string> {
  const answer = trajectory.items.findLast((item) => item.kind === 'answer');
  if (answer?.kind !== 'answer') throw new UserError('This run has no answer yet, so it has no sources.');
  const sources = shownSources(answer);
  const source = sources.find((each) => each.number === number);
  if (!source) {
    const numbers = sources.map((each) => each.number).join(', ');
    throw new UserError(`The answer has no source ${number}. It has ${numbers || 'none'}.`);
  }
  const { check, quote } = source;
  const head = [
    `[${number}] ${shownPath(placeOf(source))}${check ? `  ${stateWords[check.state]}` : ''}`,
    ...(quote === undefined ? [] : [`“${showControls(quote)}”`]),
    ...(check?.why === undefined ? [] : [showControls(check.why)]),
  ];
  if (!check?.found) {
    if (!check) throw new UserError('The citations of this answer were not checked, so its sources cannot be shown.');
    return `${head.join('\n')}\n`;
  }
  const { record, text } = await readEvidence(trajectory, check.found, runFolder);
  const { uri, title, retrievedAt } = record.evidence;
  const when = new Date(retrievedAt).toISOString().slice(0, 16).replace('T', ' ');
  const how =
    record.turn === undefined ? `Attached to the question ${when} UTC` : `Read ${when} UTC in turn ${record.turn}`;
  const read = `${how}: ${[title, uri]
    .filter((part) => part !== undefined)
    .map(shownPath)
    .join(' · ')}`;
  return `${[...head, read, '', passage(text, check.span)].join('\n')}\n`;
}

/** The words with their lines around, marked as «»; without a place the beginning. */
function passage(text: string, span: { readonly from: number; readonly to: number } | undefined): string {
  if (!span) return showControls(text.slice(0, shownChars));
  const near = around(text, span, linesAround);
  const { from, to } = near.span;
  const parts = [near.text.slice(0, from), '«', near.text.slice(from, to), '»', near.text.slice(to)];
  return showControls(parts.join(''));
}
