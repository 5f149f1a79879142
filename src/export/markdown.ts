/** A run as a Markdown document: question, answer with its sources, then what was done. */
import { describeItem } from '../shared/describeItem.ts';
import { describeCall } from '../shared/describeCall.ts';
import { settledWords } from '../shared/describePlan.ts';
import type { Unsupported } from '../shared/evidence.ts';
import type { Plan } from '../shared/plan.ts';
import { countOf } from '../shared/quantities.ts';
import { answerBody, checkWords, placeOf, shownSources, stateWords } from '../shared/shownSources.ts';
import { unsupportedWords } from '../shared/unsupportedWords.ts';
import { splitThought } from '../shared/thought.ts';
import { plainMarkdown as plain, safeMarkdown } from './safeMarkdown.ts';
import type { Answer, Call, Item, Question, Trajectory } from '../shared/trajectory.ts';
import { withUncited } from './reportSource.ts';

/** The whole run, oldest first. Foreign text stands in fences that it cannot close; of the model's only what no viewer follows. */
export function toMarkdown(trajectory: Trajectory): string {
  const { start, items } = trajectory;
  const title = (start?.question ?? 'A run without a start').split('\n', 1)[0] ?? '';
  const parts = [
    `# ${plain(title)}`,
    about(trajectory),
    ...items.filter((item) => item.kind === 'answer').map(answerPart),
  ];
  if (trajectory.plan && trajectory.plan.items.length > 0) parts.push(planPart(trajectory.plan));
  parts.push('## Trajectory', ...items.flatMap(itemParts));
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function about({ start, model, turns, state }: Trajectory): string {
  if (!start) return '';
  const ended = state.kind === 'ended' ? state.reason : 'not ended';
  return `Run ${start.runId}, ${new Date(start.at).toISOString().slice(0, 16).replace('T', ' ')} UTC, ${model}, ${turns} turns, ${ended}.`;
}

function answerPart(answer: Answer): string {
  const { boxed } = answer;
  const text = answer.text === boxed ? boxed : withUncited({ body: answerBody(answer), answer }, markOf);
  const words = checkWords(answer);
  const list = shownSources(answer).map((source) => {
    const { number, title, quote, check } = source;
    const place = placeOf(source);
    const state = check ? ` (${stateWords[check.state]})` : '';
    return `${number}. ${title ? `${plain(title)}: ` : ''}${plain(place)}${quote ? ` “${plain(quote)}”` : ''}${state}`;
  });
  const parts = [
    '## Answer',
    `**${plain(boxed)}**`,
    text === boxed ? '' : safeMarkdown(text),
    list.length > 0 ? `### Sources\n\n${list.join('\n')}` : '',
    words && `Citations: ${words}.`,
  ];
  return parts.filter(Boolean).join('\n\n');
}

/** Behind a sentence that nothing cited bears out. */
function markOf(claim: Unsupported): string {
  return ` *(${unsupportedWords(claim).replace(/[\\`*_[\]<>#|~&]/g, '\\$&')})*`;
}

function itemParts(item: Item): readonly string[] {
  switch (item.kind) {
    case 'question':
      return ['### Question', quoted(item.question), ...clarificationPart(item)];
    case 'turn': {
      const { thought, text } = splitThought(item.content, item.reasoning);
      const said = [thought && quoted(thought), item.final ? '' : safeMarkdown(text)];
      return [`### Turn ${item.turn}`, ...said.filter(Boolean), ...item.calls.map(callPart)];
    }
    case 'rolledBack':
      return [`### Rolled back: ${item.reason}`, fenced(item.reply)];
    case 'end':
      return [`### Ended: ${item.reason}`, ...(item.message ? [safeMarkdown(item.message)] : [])];
    case 'note':
    case 'attempt':
    case 'attemptEnd':
    case 'narrowed':
    case 'window':
    case 'format':
    case 'changed':
    case 'fork':
    case 'restore':
    case 'checkpointFailed': {
      const { text, body } = describeItem(item);
      return [`_${plain(text)}_`, ...(body === undefined ? [] : [quoted(body)])];
    }
    case 'answerRequest':
    case 'reportRequest':
    case 'answer':
      return [];
  }
}

function clarificationPart({ clarification }: Question): readonly string[] {
  if (!clarification?.answers || clarification.questions.length === 0) return [];
  const { questions, answers } = clarification;
  const lines = questions.map(
    (question, index) => `${oneLine(question)}\n${oneLine(answers[index] ?? '') || '(left open)'}`,
  );
  return ['Asked back:', ...lines.map(quoted)];
}

/** The sub-questions as a task list, each with how much was read for it. */
function planPart(plan: Plan): string {
  const lines = plan.items.map(({ text, done, evidence }) => {
    const read = evidence.length === 0 ? '' : ` (${countOf(evidence.length, 'source')})`;
    return `- [${done ? 'x' : ' '}] ${plain(text)}${read}`;
  });
  return `## Plan\n\n${settledWords(plan)}\n\n${lines.join('\n')}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function callPart(call: Call): string {
  const { verb, target } = describeCall(call);
  const outcome = call.outcome && call.outcome !== 'ok' ? ` (${call.outcome})` : '';
  const args = fenced(JSON.stringify(call.arguments, null, 2), 'json');
  return [
    `**${verb || call.tool}** ${code(target)}${outcome}`,
    args,
    call.content === undefined ? '' : fenced(call.content),
    ...(call.images ?? []).map(({ path, sha256 }) => `Picture ${code(path)}, kept as ${code(`blobs/${sha256}`)}`),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function quoted(text: string): string {
  return safeMarkdown(text)
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

function code(text: string): string {
  return text ? `\`${text.replaceAll('`', "'")}\`` : '';
}

/** A fence longer than any in the text. */
function fenced(text: string, language = 'text'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
