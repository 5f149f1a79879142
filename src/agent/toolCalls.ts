/** A reply → the calls that it asks for, or the slip that it made. Known slips are mended; what is left is checked. */
import type { CallRequest } from '../shared/events.ts';
import { scanReply } from '../shared/replyScanner.ts';
import { readObject } from './arguments.ts';
import { fitCall, type CallableTool } from './fitCall.ts';
import { mendCall } from './mends.ts';
import type { ModelReply } from './ports.ts';
import { placeOf } from './toolNames.ts';
import { isNamedCall, readNamedCalls, readWith, readWritten, type WrittenCall } from './writtenCalls.ts';

/** What is wrong with a reply, in a word. */
export type SlipKind = 'malformed' | 'invalidArguments' | 'unknownTool' | 'refusal';

/** What a reply asks for. `slip`: why it is undone, in words for the model; then there are no calls. */
export interface ReadReply {
  readonly calls: readonly Omit<CallRequest, 'callId'>[];
  /** What was mended, in words. */
  readonly mended: readonly string[];
  readonly slip?: string;
  readonly slipKind?: SlipKind;
}

/**
 * Reads a whole reply: native calls and every form of calls in the text, whichever was asked for, in their order. A call
 * inside of a thought is none. When one of several cannot be read or does not fit its tool, the whole reply is a slip, since
 * its calls may rest on each other. Without any tools, names and arguments are not checked.
 */
export function readReply(reply: ModelReply, tools: readonly CallableTool[]): ReadReply {
  const { content, nativeCalls } = reply;
  const scan = scanReply(content);
  const maybeCut = reply.finishReason === 'length';
  const native = nativeCalls.map(({ name, arguments: args }) =>
    readWith(placeOf('', name, tools), args, tools, { maybeCut }),
  );
  const written = scan.calls.flatMap((found) => readWritten(content, found, tools));
  if (native.length + written.length > 0) return fitted(native, written, tools);
  const visible = scan.parts.filter(({ kind }) => kind === 'text').map(({ start, end }) => content.slice(start, end));
  if (scan.strayTags) return slip('malformed', 'The message has tool-call tags but no complete tool call.');
  const text = visible.join('').trim();
  const bare = bareCall(text, tools);
  if (bare) return bare;
  const refusal = refusals.find((phrase) => text.replaceAll('’', "'").includes(phrase));
  if (refusal !== undefined) return slip('refusal', `The message gives up ("${refusal}") in place of going on.`);
  return { calls: [], mended: [] };
}

/** Some servers leave a call in the text though they send it natively: then it counts once. */
function fitted(
  native: readonly WrittenCall[],
  written: readonly WrittenCall[],
  tools: readonly CallableTool[],
): ReadReply {
  const calls: Omit<CallRequest, 'callId'>[] = [];
  const mended: string[] = [];
  const cameNatively = new Set<string>();
  for (const [index, one] of [...native, ...written].entries()) {
    if (typeof one === 'string') return slip('malformed', one, mended);
    const named = mendCall(one.call, tools);
    const fit = fitCall(named.call, tools);
    mended.push(...one.mended, ...named.mended);
    if (fit.kind !== 'fits') return slip(fit.kind, fit.words, mended);
    mended.push(...fit.mended);
    const key = JSON.stringify(fit.call);
    if (index < native.length) cameNatively.add(key);
    else if (cameNatively.has(key)) {
      mended.push('left out a call of the text that came natively too');
      continue;
    }
    calls.push(fit.call);
  }
  return { calls, mended };
}

function slip(slipKind: SlipKind, words: string, mended: readonly string[] = []): ReadReply {
  return { calls: [], mended, slip: words, slipKind };
}

/** What a model says when it gives up (agent-protocol: rollbacks). */
const refusals = ['time constraint', "I'm sorry, but I can't", "I'm sorry, I cannot solve"];

/**
 * A message that is nothing but a call in JSON, perhaps in a fence, or that ends with a fence that holds one: a call only
 * when the tool is there and the arguments fit. Anything else may be an answer.
 */
function bareCall(text: string, tools: readonly CallableTool[]): ReadReply | undefined {
  const fence = /^```\w*\s*\n([\s\S]*?)\n?```$/.exec(text) ?? /\n```\w*\s*\n(\{(?:(?!```)[\s\S])*\})\s*```$/.exec(text);
  const inner = fence?.[1]?.trim() ?? text;
  if (tools.length === 0 || !inner.startsWith('{') || !inner.endsWith('}')) return undefined;
  const object = readObject(inner, { maybeCut: true });
  if (!object || !isNamedCall(object.value)) return undefined;
  const read = fitted([], readNamedCalls(inner, tools, { maybeCut: true }), tools);
  if (read.slip !== undefined || !read.calls.every((call) => hasRequired(call, tools))) return undefined;
  return { ...read, mended: ['read a call out of bare JSON', ...read.mended] };
}

function hasRequired({ server, tool, arguments: args }: Omit<CallRequest, 'callId'>, tools: readonly CallableTool[]) {
  const schema = tools.find((candidate) => candidate.server === server && candidate.name === tool)?.inputSchema;
  const required = schema?.['required'];
  return !Array.isArray(required) || required.every((name) => Object.hasOwn(args, String(name)));
}

export { nativeName } from './toolNames.ts';
