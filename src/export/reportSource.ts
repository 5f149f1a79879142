/** What a report is made of: the question, the answer and its sources with what the ledger knows of them. */
import { UserError } from '../agent/errors.ts';
import type { Unsupported } from '../shared/evidence.ts';
import { ledgerOf, type LedgerRecord } from '../shared/ledger.ts';
import { answerBody, shownSources, withRecords, type ShownSource } from '../shared/shownSources.ts';
import type { Answer, Trajectory } from '../shared/trajectory.ts';
import { showControls } from '../shared/visibleText.ts';

/** A source with its record in the ledger. */
export interface ReportSource extends ShownSource {
  readonly record?: LedgerRecord;
}

/** A run's newest answer as exporters take it. Texts are foreign: each exporter escapes them. */
export interface Report {
  readonly question: string;
  readonly answer: Answer;
  /** Without the list of sources. */
  readonly body: string;
  readonly sources: readonly ReportSource[];
  readonly model: string;
  readonly runId: string;
  /** When it was answered, in ms since the epoch. */
  readonly at: number;
}

/** Throws UserError when there is no answer to export. */
export function reportOf(trajectory: Trajectory): Report {
  const at = trajectory.items.findLastIndex((item) => item.kind === 'answer');
  const answer = trajectory.items[at];
  if (answer?.kind !== 'answer')
    throw new UserError('This run has no answer to export. Its trajectory can be exported as Markdown.');
  const question = trajectory.items.slice(0, at).findLast((item) => item.kind === 'question');
  return {
    question: question?.kind === 'question' ? question.question : '',
    answer,
    body: answerBody(answer),
    sources: withRecords(shownSources(answer), ledgerOf(trajectory)),
    model: trajectory.model,
    runId: trajectory.runId,
    at: answer.at,
  };
}

/**
 * The answer's text with a mark behind every sentence and row that nothing cited bears out. Places count in the whole text; the body is its
 * beginning where the list of sources stands at its end, and only there they fit.
 */
export function withUncited(
  { body, answer }: Pick<Report, 'body' | 'answer'>,
  mark: (claim: Unsupported, index: number) => string,
): string {
  let out = '';
  let at = 0;
  for (const [index, claim] of (answer.checked?.unsupported ?? []).entries()) {
    const { from, to } = claim;
    if (from < at || to > body.length || body.slice(from, to) !== answer.text.slice(from, to)) continue;
    out += body.slice(at, to) + mark(claim, index);
    at = to;
  }
  return out + body.slice(at);
}

/** A title on one line, without characters that hide others; the answer's own words for it, else the page's. */
export function titleOf({ title, uri, record }: ReportSource): string {
  return oneLine(record?.evidence.title ?? title ?? uri);
}

/** Foreign text on one line. */
export function oneLine(text: string): string {
  return showControls(text.replace(/\s+/g, ' ').trim());
}

/** A day as YYYY-MM-DD. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
