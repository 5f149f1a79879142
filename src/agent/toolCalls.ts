/** Text and native calls → the calls that a reply asks for, or the slip that it made. Known slips are mended. */
import type { CallRequest, ToolSchema } from '../shared/events.ts';
import { readArguments } from './arguments.ts';
import { mendCall, type RawCall } from './mends.ts';
import type { ModelReply, NativeCall } from './ports.ts';
import { findCallBlocks } from './scanner.ts';

/** What a reply asks for. `slip`: it has tool-call tags but no call that can be read. */
export interface ReadReply {
  readonly calls: readonly Omit<CallRequest, 'callId'>[];
  /** What was mended, in words. */
  readonly mended: readonly string[];
  readonly slip?: string;
}

/**
 * Reads a whole reply. Thoughts are passed over: a call inside `<think>` is not a call. Calls come in their order; when
 * one of several cannot be read, the whole reply is a slip, since its calls may rest on each other.
 */
export function readReply(reply: ModelReply, tools: readonly ToolSchema[]): ReadReply {
  const mended: string[] = [];
  const calls: RawCall[] = [];
  for (const native of reply.nativeCalls) {
    const read = readNative(native, tools);
    if (typeof read === 'string') return { calls: [], mended, slip: read };
    calls.push(read.call);
    mended.push(...read.mended);
  }
  const { blocks, strayTags } = findCallBlocks(withoutThought(reply.content));
  for (const block of blocks) {
    const read = readArguments(block.argumentsText);
    if (!block.tool) return { calls: [], mended, slip: 'The tool call names no tool.' };
    if (!read) return { calls: [], mended, slip: `The arguments of ${block.tool} are not a JSON object.` };
    if (read.mended) mended.push(read.mended);
    if (block.mended) mended.push(block.mended);
    calls.push({ server: block.server, tool: block.tool, arguments: read.value });
  }
  if (calls.length === 0 && strayTags) {
    return { calls: [], mended, slip: 'The message has tool-call tags but no complete tool call.' };
  }
  return {
    calls: calls.map((call) => {
      const result = mendCall(call, tools);
      mended.push(...result.mended);
      return result.call;
    }),
    mended,
  };
}

function withoutThought(content: string): string {
  const close = content.lastIndexOf('</think>');
  return close < 0 ? content.replace(/^\s*<think>/, '') : content.slice(close + '</think>'.length);
}

function readNative(
  native: NativeCall,
  tools: readonly ToolSchema[],
): { readonly call: RawCall; readonly mended: readonly string[] } | string {
  const args = readArguments(native.arguments.trim() || '{}');
  if (!args) return `The arguments of ${native.name} are not a JSON object.`;
  const offered = tools.find(({ server, name }) => nativeName(server, name) === native.name);
  const hyphen = native.name.lastIndexOf('-');
  const server = offered?.server ?? (hyphen < 0 ? '' : native.name.slice(0, hyphen));
  const tool = offered?.name ?? native.name.slice(hyphen + 1);
  return { call: { server, tool, arguments: args.value }, mended: args.mended ? [args.mended] : [] };
}

/** A tool's function name in native calls: `server-tool`, in the characters that servers take. */
export function nativeName(server: string, tool: string): string {
  return `${server}-${tool}`.replace(/[^A-Za-z0-9_-]/g, '_');
}
