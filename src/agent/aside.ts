/** A request of its own, beside the conversation: one answer in JSON, from which nothing but that is kept. */
import type { Usage } from '../shared/events.ts';
import { splitThought } from '../shared/thought.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { readObject } from './arguments.ts';
import { ModelError } from './errors.ts';
import type { Going } from './going.ts';
import type { ModelReply } from './ports.ts';
import { replyGuard } from './replyGuard.ts';

/** Tokens of such a reply, thoughts included. */
const maxAsideTokens = 8_192;

/** What is asked. */
export interface Aside {
  readonly system: string;
  readonly user: string;
}

/** What came of it; `value` is absent where the model failed or gave nothing that can be read. */
export interface AsideReply {
  readonly value?: Readonly<Record<string, unknown>>;
  readonly usage?: Usage;
}

/** Asks once. A failure of the model is none of the run's: the next turn shows what is wrong. Throws the signal's reason. */
export async function askAside({ system, user }: Aside, going: Going, signal: AbortSignal): Promise<AsideReply> {
  const { ports } = going;
  const trajectory = going.trajectory();
  const { toolFormat, settings } = trajectory;
  const guard = replyGuard();
  try {
    const reply = await ports.model.complete(
      {
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: user },
        ],
        tools: [],
        toolFormat,
        mayCall: false,
        maxTokens: Math.min(maxAsideTokens, settings?.maxTokens ?? maxAsideTokens),
        ...(settings?.seed !== undefined && { seed: settings.seed }),
        watch: (delta) => guard.add(delta),
        // Its text is no turn, so nothing of it is shown.
        onPreview: (preview) => {
          if (preview.kind === 'reading') ports.onPreview(preview);
        },
      },
      signal,
    );
    signal.throwIfAborted();
    const value = readReplyObject(reply.content);
    const usage = reply.usage ?? (await estimated(`${system}\n${user}`, reply, trajectory, going));
    return { ...(value && { value }), ...(usage && { usage }) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ModelError) return {};
    throw error;
  }
}

/** The questions before the newest one with their answers, for a model that sees nothing of the conversation. */
export function earlierWords({ items }: Trajectory): string {
  const newest = items.findLastIndex((item) => item.kind === 'question');
  const lines = items.slice(0, newest).flatMap((item) => {
    if (item.kind === 'question') return [`Question: ${item.question.slice(0, maxEarlierChars)}`];
    return item.kind === 'answer' ? [`Answer: ${item.boxed.slice(0, maxEarlierChars)}`] : [];
  });
  return lines.length === 0 ? '' : `\n\nIt follows this conversation:\n\n${lines.slice(-maxEarlierLines).join('\n')}`;
}

const maxEarlierChars = 1_000;
const maxEarlierLines = 6;

/** The strings of a member: trimmed, on one line each, without what is empty or there already. */
export function linesOf(value: unknown, maxChars: number): readonly string[] {
  if (!Array.isArray(value)) return [];
  const lines = value.flatMap((line: unknown) => {
    const text = typeof line === 'string' ? line.replace(/\s+/g, ' ').trim() : '';
    return text ? [text.length > maxChars ? `${text.slice(0, maxChars - 1)}…` : text] : [];
  });
  return [...new Set(lines)];
}

/** The object in a reply, whatever stands around it: thoughts, a fence, words. */
function readReplyObject(content: string): Readonly<Record<string, unknown>> | undefined {
  const { text } = splitThought(content);
  const from = text.indexOf('{');
  return from < 0 ? undefined : readObject(text.slice(from, Math.max(from, text.lastIndexOf('}')) + 1))?.value;
}

/** What it cost where the server does not say and a budget of tokens rests on it. */
async function estimated(
  prompt: string,
  { content, reasoning = '' }: ModelReply,
  { settings }: Trajectory,
  { ports }: Going,
): Promise<Usage | undefined> {
  const { promptTokens, completionTokens, tokens } = settings?.budget ?? {};
  if (promptTokens === undefined && completionTokens === undefined && tokens === undefined) return undefined;
  const [read = 0, said = 0] = await ports.counter.count([prompt, `${reasoning}${content}`]);
  return { promptTokens: read, completionTokens: said, estimated: true };
}
