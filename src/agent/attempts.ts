/** Attempts: the report of one that brought no answer, and the task of the next (agent-protocol: final answer). */
import { failureSchema, type FactOf, type Failure, type Source } from '../shared/events.ts';
import { checkSource } from '../shared/checkSource.ts';
import { splitThought } from '../shared/thought.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { citedSources } from './answer.ts';
import { questionText } from './messages.ts';
import { clarifiedText, planNowText } from './settledText.ts';

/** Items of evidence that go on into the next attempt. */
const maxEvidence = 60;

/** The user message that asks for a failure report. */
export const reportPrompt = `This attempt ends here, and its answer is not asked for. A fresh attempt will start without anything that stands above: it sees only your report. Do not call any tool in this message. Write the report in this form:

Failure type: one of incomplete (out of time or room), blocked (a tool or a source failed), misdirected (the wrong track), format_missed (the answer was there, its form was not)
What happened: what was tried, in a few sentences, and what not to try again
Useful findings: what was found, one finding a line, each with its source in brackets, \`[path:line]\` or \`[title](url)\`, and the decisive words quoted right before it; then what is still missing`;

/** What a report says, whatever form the model gave it. */
export function readReport(content: string): { readonly failure: Failure; readonly report: string } {
  const { text, thought } = splitThought(content);
  const report = text || thought;
  const named = /failure type\W*(\w+)/i.exec(report)?.[1]?.toLowerCase();
  const failure = failureSchema.safeParse(named === 'format' ? 'format_missed' : named);
  return { failure: failure.success ? failure.data : 'incomplete', report };
}

/** The end of the attempt under way, from the model's report (empty where it gave none). */
export function attemptEnd(trajectory: Trajectory, content: string): FactOf<'attempt.ended'> {
  const request = trajectory.items.findLast((item) => item.kind === 'reportRequest');
  const reason = request?.kind === 'reportRequest' ? request.reason : 'turns';
  const { failure, report } = readReport(content);
  const type = reason === 'noAnswer' ? 'format_missed' : failure;
  const evidence = evidenceOf(trajectory, report);
  return { type: 'attempt.ended', attempt: trajectory.attempt, reason, failure: type, report, evidence };
}

/** The next attempt, once the last one has ended: the question, all reports so far, and the evidence. */
export function attemptStart({ items, attempt, settings, plan }: Trajectory): FactOf<'attempt.started'> {
  const asked = items.findLastIndex((item) => item.kind === 'question');
  const question = items[asked];
  const ends = items.slice(asked + 1).filter((item) => item.kind === 'attemptEnd');
  const next = attempt + 1;
  const parts = [
    question?.kind === 'question'
      ? questionText(question.question, question.mentions, question.attachments) +
        clarifiedText(question) +
        planNowText({ ...(plan && { plan }) })
      : '',
    `# Earlier attempts\n\nThis is attempt ${next} of ${settings?.attempts ?? next}. The earlier ones brought no answer; these are their reports. Build on what they found, and do not repeat what failed.`,
    ...ends.map((end) => `## Attempt ${end.attempt} (${end.failure})\n\n${end.report || 'It left no report.'}`),
  ];
  const evidence = uniqueSources(ends.flatMap((end) => end.evidence));
  if (evidence.length > 0) {
    parts.push(`# Evidence so far\n\nSeen in the sources themselves:\n${evidence.map(evidenceLine).join('\n')}`);
  }
  return { type: 'attempt.started', attempt: next, task: parts.join('\n\n') };
}

/** The sources that the attempt's thoughts and its report cite and that its observations or attached files bear out, each once. */
function evidenceOf(trajectory: Trajectory, report: string): readonly Source[] {
  const from = trajectory.items.findLastIndex((item) => item.kind === 'question' || item.kind === 'attempt');
  const own = { ...trajectory, items: trajectory.items.slice(from) };
  const texts = own.items.flatMap((item) => (item.kind === 'turn' ? [`${item.reasoning ?? ''}\n${item.content}`] : []));
  const cited = uniqueSources([...citedSources(report), ...texts.toReversed().flatMap(citedSources)]);
  const asked = trajectory.items.slice(0, from).filter((item) => item.kind === 'question');
  const seen = { items: [...asked, ...own.items] };
  return cited.filter((source) => checkSource(source, seen).kind !== 'unseen').slice(0, maxEvidence);
}

function uniqueSources(sources: readonly Source[]): readonly Source[] {
  const known = new Map<string, Source>();
  for (const source of sources) {
    const place = `${source.uri}:${source.startLine ?? ''}`;
    if (known.get(place)?.quote === undefined) known.set(place, source);
  }
  return [...known.values()];
}

function evidenceLine({ uri, title, startLine, quote }: Source): string {
  const place =
    title === undefined ? `[${uri}${startLine === undefined ? '' : `:${startLine}`}]` : `[${title}](${uri})`;
  return quote === undefined ? `- ${place}` : `- "${quote}" ${place}`;
}
