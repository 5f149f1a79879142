/** Things of a trajectory that are no turns, in a person's words: the same in the panel, on the terminal and in exports. */
import type { ResearchEnd, RollbackKind } from './events.ts';
import type {
  AttemptEnd,
  AttemptStart,
  Changed,
  ChangedFormat,
  Fork,
  LearnedWindow,
  Narrowed,
  Note,
  Request,
  Restored,
  CheckpointFailed,
} from './items.ts';
import { countOf, formatTokens } from './quantities.ts';
import { shownPath } from './visibleText.ts';

/** One line about an item; `body` is what it unfolds to. */
export interface Remark {
  /** A codicon's name. */
  readonly icon: string;
  readonly text: string;
  readonly body?: string;
}

/** Describes an item that is a remark in the flow. */
export function describeItem(
  item:
    | Note
    | AttemptStart
    | AttemptEnd
    | Narrowed
    | LearnedWindow
    | ChangedFormat
    | Changed
    | Fork
    | Request
    | Restored
    | CheckpointFailed,
): Remark {
  switch (item.kind) {
    case 'note':
      return { icon: 'note', text: item.text };
    case 'attempt':
      return { icon: 'debug-restart', text: `Attempt ${item.attempt} begins with the reports so far`, body: item.task };
    case 'attemptEnd':
      return {
        icon: 'report',
        text: `Attempt ${item.attempt} ended: ${whyStopped[item.reason].toLowerCase()} (${item.failure.replace('_', ' ')})`,
        body: item.report || 'It left no report.',
      };
    case 'narrowed':
      return { icon: 'fold', text: narrowedWords(item) };
    case 'window':
      return { icon: 'info', text: `The window is ${formatTokens(item.contextWindow)} tokens`, body: item.reason };
    case 'changed': {
      const where = item.baseUrl && ` at ${item.baseUrl}`;
      return {
        icon: 'settings',
        text: `Goes on with ${item.model || 'another model'}${where}`,
        body: item.changes.join('\n'),
      };
    }
    case 'format':
      return { icon: 'info', text: 'The server takes no native calls: they travel as text', body: item.reason };
    case 'fork':
      return { icon: 'repo-forked', text: `Fork: above is the run ${item.parent.runId}` };
    case 'restore':
      return { icon: 'discard', text: restoredWords(item), body: restoredBody(item) };
    case 'checkpointFailed':
      return { icon: 'info', text: failedWords(item), body: item.reason };
    case 'answerRequest':
    case 'reportRequest': {
      const what = item.kind === 'answerRequest' ? 'answer' : 'report of this attempt';
      const why =
        item.reason === 'finished' ? `Asked for the ${what}` : `${whyStopped[item.reason]}: asked for the ${what}`;
      return { icon: 'flag', text: item.withdrawn === true ? `${why}; the run went on` : why };
    }
  }
}

function restoredWords({ files, moreFiles, asOfTurn, skipped }: Restored): string {
  const left = skipped.length > 0 ? `; ${countOf(skipped.length, 'file')} could not be put back` : '';
  return `${countOf(files.length + moreFiles, 'file')} put back ${asOfWords(asOfTurn)}${left}`;
}

/** Which state of the files it is. */
export function asOfWords(turn: number | undefined): string {
  if (turn === undefined) return 'as they were before';
  return turn === 0 ? 'as they were before the first turn' : `as they were after turn ${turn}`;
}

function failedWords({ callId }: CheckpointFailed): string {
  return callId === undefined ? 'Changes cannot be undone from here on' : 'Changes of one call were not kept';
}

function restoredBody({ files, moreFiles, skipped }: Restored): string {
  const lines = [
    ...files.map(({ path, change }) => `${putBack[change]} ${shownPath(path)}`),
    ...(moreFiles > 0 ? [`and ${countOf(moreFiles, 'file')} more`] : []),
    ...skipped.map(({ path, reason }) => `not put back: ${shownPath(path)} (${reason})`),
  ];
  return lines.join('\n');
}

/** What putting back did to a file. */
const putBack = { added: 'there again:', modified: 'changed back:', deleted: 'taken away:' } as const;

/** Why a reply or a turn is not in the prompt: "Undone, duplicate: …". */
export function describeRollback(kind: RollbackKind, reason: string): string {
  return `Undone, ${rollbackWords[kind]}${reason.trim() && `: ${reason.trim()}`}`;
}

/** What went out of the model's view, and what that made room for. */
export function narrowedWords({
  maskedResults,
  droppedThoughts,
  promptTokens,
  afterTokens,
}: Pick<Narrowed, 'maskedResults' | 'droppedThoughts' | 'promptTokens' | 'afterTokens'>): string {
  const what = [
    maskedResults > 0 && `the oldest ${countOf(maskedResults, 'result')}`,
    droppedThoughts > 0 && `the thoughts of the oldest ${countOf(droppedThoughts, 'turn')}`,
  ];
  const size = `${formatTokens(promptTokens)} → ${formatTokens(afterTokens)} tokens`;
  return `Out of the model's view: ${what.filter(Boolean).join(' and ')} (${size})`;
}

const rollbackWords: Readonly<Record<RollbackKind, string>> = {
  malformed: 'malformed call',
  invalidArguments: 'arguments that do not fit',
  unknownTool: 'unknown tool',
  refusal: 'refusal',
  duplicate: 'duplicate',
  failedTool: 'failed tool',
  emptyResult: 'empty result',
  cutOff: 'cut off',
  repetition: 'repetition',
  promptCut: 'prompt cut by the server',
};

const whyStopped: Readonly<Record<ResearchEnd, string>> = {
  finished: 'The model was done',
  turns: 'Out of turns',
  calls: 'Out of calls',
  context: 'The context is full',
  tokens: 'Out of tokens',
  minutes: 'Out of time',
  asked: 'You wanted the answer',
  noAnswer: 'No answer could be read',
};
