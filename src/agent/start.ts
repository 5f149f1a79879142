/** The first fact of a run. */
import type { FactOf, ToolSchema } from '../shared/events.ts';
import type { Attachment } from '../shared/refs.ts';
import type { RunSettings, ToolFormat } from '../shared/runSettings.ts';
import { logFormat } from '../shared/events.ts';
import { UserError } from './errors.ts';
import { systemPrompt } from './prompt.ts';

/** The longest question, in characters; longer texts belong in a file of the workspace. */
export const maxQuestionChars = 100_000;

/** What a run is started with. */
export interface StartParts {
  readonly runId: string;
  readonly question: string;
  readonly mentions: readonly string[];
  readonly attachments?: readonly Attachment[] | undefined;
  readonly model: string;
  readonly baseUrl: string;
  readonly toolFormat: ToolFormat;
  readonly settings: RunSettings;
  readonly tools: readonly ToolSchema[];
  readonly roots: readonly { readonly name: string; readonly path: string }[];
  readonly date: string;
}

/** Throws UserError when the question cannot be asked. */
export function startFact(parts: StartParts): FactOf<'run.started'> {
  const { runId, mentions, attachments, model, baseUrl, toolFormat, settings, roots } = parts;
  return {
    type: 'run.started',
    format: logFormat,
    runId,
    question: checkedQuestion(parts.question),
    mentions,
    ...(attachments && attachments.length > 0 && { attachments }),
    model,
    baseUrl,
    toolFormat,
    settings,
    ...promptParts(parts),
    roots: roots.map((root) => root.path),
  };
}

/** The system prompt, and the tools as the model is told of them. */
export function promptParts({
  date,
  toolFormat,
  roots,
  tools: all,
}: Pick<StartParts, 'date' | 'toolFormat' | 'tools' | 'roots'>): Pick<FactOf<'run.started'>, 'system' | 'tools'> {
  const tools = all.map(({ server, name, description, inputSchema }) => ({ server, name, description, inputSchema }));
  return { system: systemPrompt({ date, tools, toolFormat, rootNames: roots.map((root) => root.name) }), tools };
}

/** A question fit to be asked, trimmed. Throws UserError for an empty or far too long one. */
export function checkedQuestion(question: string): string {
  const trimmed = question.trim();
  if (!trimmed) throw new UserError('The question is empty. Type what you want to find out.');
  if (trimmed.length > maxQuestionChars) {
    throw new UserError(
      `The question has ${trimmed.length.toLocaleString('en')} characters; at most ${maxQuestionChars.toLocaleString('en')} are taken. Put the long text into a file of the workspace and mention it with @.`,
    );
  }
  return trimmed;
}
