/** The prompt does not fit: every server says it in its own words, and the numbers in them are the truth (servers.md). */
import { isRecord } from '../shared/json.ts';

/** What a server said about its window, in tokens, as far as it did. */
export interface Overflow {
  readonly window?: number;
  readonly prompt?: number;
}

/** Each server's sentence with the groups `window` and `prompt`; the first that matches counts. */
const sentences: readonly RegExp[] = [
  // vLLM
  /maximum context length is (?<window>\d+) tokens.*?(?:request has|resulted in|messages result in) (?<prompt>\d+) (?:input )?tokens/is,
  /maximum context length is (?<window>\d+) tokens.*?requested \d+ tokens \((?<prompt>\d+) (?:in the messages|in your prompt)/is,
  /maximum context length is (?<window>\d+) tokens/i,
  /prompt \(length (?<prompt>\d+)\) is longer than the maximum model length of (?<window>\d+)/i,
  // SGLang
  /exceeds the model's maximum context length of (?<window>\d+) tokens.*?(?<prompt>\d+) tokens from the input/is,
  /input \((?<prompt>\d+) tokens\) is longer than the model's context length \((?<window>\d+) tokens\)/i,
  /longer than the model's context length(?:\D*(?<window>\d+))?/i,
  // llama.cpp
  /request \((?<prompt>\d+) tokens\) exceeds the available context size \((?<window>\d+) tokens\)/i,
  /exceeds? the available context size/i,
  // LM Studio
  /tokens to keep from the initial prompt is greater than the context length/i,
  /context length of only (?<window>\d+) tokens/i,
  // Others that follow OpenAI
  /context_length_exceeded|exceed_context_size_error|maximum context length|context window (?:is )?exceeded/i,
];

/** Reads an error's message and its fields; undefined when it is about something else. */
export function overflowOf(message: string, error?: unknown): Overflow | undefined {
  const fields = isRecord(error) ? error : {};
  const { type, code, n_ctx: window, n_prompt_tokens: prompt } = fields;
  if (type === 'exceed_context_size_error' && typeof window === 'number') {
    return { window, ...(typeof prompt === 'number' && { prompt }) };
  }
  const text = [message, type, code].filter((part) => typeof part === 'string').join('\n');
  for (const sentence of sentences) {
    const match = sentence.exec(text);
    if (match) return { ...numberNamed(match, 'window'), ...numberNamed(match, 'prompt') };
  }
  return undefined;
}

function numberNamed(match: RegExpExecArray, name: 'window' | 'prompt'): Partial<Record<typeof name, number>> {
  const digits = match.groups?.[name];
  return digits === undefined ? {} : { [name]: Number(digits) };
}
