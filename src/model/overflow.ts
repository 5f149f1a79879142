/** The prompt does not fit: every server says it in its own words, and the numbers in them are the truth (servers.md). */
import { isRecord } from '../shared/json.ts';

/** What a server said about its window, in tokens, as far as it did. */
export interface Overflow {
  readonly window?: number;
  readonly prompt?: number;
  /** `prompt` is a lower bound: the server stopped counting there. */
  readonly atLeast?: true;
  /** Prompt and reply together, where the prompt is not named by itself. */
  readonly total?: number;
}

/** Each server's sentence with the groups `window`, `prompt` or `least`, and `total`; the first that matches counts. */
const sentences: readonly RegExp[] = [
  // vLLM
  /maximum context length is (?<window>\d+) tokens.*?prompt contains at least (?<least>\d+) input tokens/is,
  /maximum context length is (?<window>\d+) tokens.*?(?:request has|resulted in|messages result in|prompt contains) (?<prompt>\d+) (?:input )?tokens/is,
  /maximum context length is (?<window>\d+) tokens.*?requested (?:about )?\d+ tokens \((?<prompt>\d+) (?:in the messages|in your prompt|of text input)/is,
  /maximum context length is (?<window>\d+) tokens.*?requested (?:about )?(?<total>\d+) tokens/is,
  /maximum context length is (?<window>\d+) tokens/i,
  /prompt \(length (?<prompt>\d+)\) is longer than the maximum model length of (?<window>\d+)/i,
  // SGLang
  /exceeds the model's maximum context length of (?<window>\d+) tokens.*?(?<prompt>\d+) tokens from the input/is,
  /input \((?<prompt>\d+) tokens\) is longer than the model's context length \((?<window>\d+) tokens\)/i,
  /longer than the model's context length(?:\D*(?<window>\d+))?/i,
  /input length \(?(?<prompt>\d+)(?: tokens)?\)? exceeds (?:the |model's )?maximum (?:allowed|context) (?:input )?length (?:of )?\(?(?<window>\d+)/i,
  // llama.cpp
  /request \((?<prompt>\d+) tokens\) exceeds the available context size \((?<window>\d+) tokens\)/i,
  /exceeds? the available context size|context size has been exceeded/i,
  // LM Studio
  /tokens to keep from the initial prompt is greater than the context length/i,
  /context length of only (?<window>\d+) tokens/i,
  // Others that follow OpenAI
  /context_length_exceeded|exceed_context_size_error|maximum context length|context window (?:is )?exceeded|input length exceeds the context length/i,
];

/** Reads an error's message and its fields; undefined when it is about something else. */
export function overflowOf(message: string, error?: unknown): Overflow | undefined {
  const fields = isRecord(error) ? error : {};
  const { type, code, n_ctx: window, n_prompt_tokens: prompt } = fields;
  const named = {
    ...(typeof window === 'number' && { window }),
    ...(typeof prompt === 'number' && { prompt }),
  };
  const text = [message, type, code].filter((part) => typeof part === 'string').join('\n');
  for (const sentence of sentences) {
    const match = sentence.exec(text);
    if (match) return { ...numbersOf(match), ...named };
  }
  return undefined;
}

function numbersOf(match: RegExpExecArray): Overflow {
  const number = (name: string) => {
    const digits = match.groups?.[name];
    return digits === undefined ? undefined : Number(digits);
  };
  const [window, total, least] = [number('window'), number('total'), number('least')];
  const prompt = least ?? number('prompt');
  return {
    ...(window !== undefined && { window }),
    ...(prompt !== undefined && { prompt }),
    ...(least !== undefined && { atLeast: true }),
    ...(total !== undefined && { total }),
  };
}

/** Room for a reply below which a smaller request is not worth its prefill, in tokens. */
const leastReplyTokens = 512;

/**
 * The tokens to ask for where the prompt by itself may fit beside a shorter reply; undefined when asking again is of no
 * use. A prompt whose size is not known for sure is tried with half as much.
 */
export function replyRoom(overflow: Overflow, maxTokens: number): number | undefined {
  const { window, atLeast } = overflow;
  if (window === undefined) return undefined;
  const prompt = promptOf(overflow, maxTokens);
  const left = prompt === undefined ? window : window - prompt - 1;
  const guess = atLeast || prompt === undefined ? Math.floor(maxTokens / 2) : maxTokens - 1;
  const room = Math.min(left, guess);
  return room >= leastReplyTokens ? room : undefined;
}

/** The size of a prompt that was asked for with so many tokens of reply, in tokens. */
export function promptOf({ prompt, total }: Overflow, maxTokens: number): number | undefined {
  if (prompt !== undefined) return prompt;
  return total !== undefined && total > maxTokens ? total - maxTokens : undefined;
}
