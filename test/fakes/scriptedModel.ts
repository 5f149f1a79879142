/** A model whose weights are a list: for tests of the loop that need no server. */
import type { Model, ModelReply, ModelRequest } from '../../src/agent/ports.ts';

/** A reply's text, a whole reply, an error to throw, or what makes one of these out of the request. */
export type ScriptedReply =
  string | Partial<ModelReply> | Error | ((request: ModelRequest, signal: AbortSignal) => Promise<Partial<ModelReply>>);

/** Plays the replies in order; throws when they are spent. `requests` are those that it got. */
export function scriptedModel(
  replies: readonly ScriptedReply[],
): Model & { readonly requests: readonly ModelRequest[] } {
  const requests: ModelRequest[] = [];
  return {
    name: 'scripted',
    deterministic: false,
    requests,
    complete: async (request, signal) => {
      const reply = replies[requests.length];
      requests.push(request);
      if (reply === undefined) throw new Error('the script is spent');
      if (reply instanceof Error) throw reply;
      const given =
        typeof reply === 'function'
          ? await reply(request, signal)
          : typeof reply === 'string'
            ? { content: reply }
            : reply;
      return { content: '', nativeCalls: [], finishReason: 'stop', ...given };
    },
  };
}
