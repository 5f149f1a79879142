/** The size of a prompt by the server's own tokenizer and chat template (servers.md: asking what is there). */
import { Agent, fetch } from 'undici';
import { z } from 'zod';
import { serverRoot } from './baseUrl.ts';
import type { Endpoint } from './failures.ts';
import { readLimited, ServerAnswer } from './transport.ts';

const defaultSilenceMs = 20_000;
const connectTimeoutMs = 5_000;
/** Servers list every token beside the count: about 8 bytes each. */
const maxBytes = 20_000_000;

/** The members of a chat request that its prompt is made of. */
const promptMembers = ['model', 'messages', 'tools', 'continue_final_message', 'add_generation_prompt'];

const counted = z.object({ count: z.number().int().positive() });
const listed = z.object({ tokens: z.array(z.unknown()) });
const rendered = z.object({ prompt: z.string() });

/** POSTs JSON to a path at the server's root. */
type Post = (path: string, body: unknown) => Promise<unknown>;

/** One way to count; undefined where the server's answer is none. Throws what `Post` throws. */
type Way = (post: Post, prompt: unknown) => Promise<number | undefined>;

/** vLLM and SGLang render and count in one request. */
const chatWay: Way = async (post, prompt) => counted.safeParse(await post('/tokenize', prompt)).data?.count;

/** llama.cpp renders in one request and lists the tokens in another, as it does both for a chat. */
const templateWay: Way = async (post, prompt) => {
  const { data } = rendered.safeParse(await post('/apply-template', prompt));
  if (!data) return undefined;
  const request = { content: data.prompt, add_special: true, parse_special: true };
  return listed.safeParse(await post('/tokenize', request)).data?.tokens.length;
};

/**
 * A function that counts the prompt tokens of a chat request's body. It gives undefined where the server cannot tell, and
 * rejects only with the signal's reason. A server that has no such thing, or does not answer, is not asked again.
 */
export function promptCounter(
  endpoint: Endpoint,
  silenceMs = defaultSilenceMs,
): (body: object, signal: AbortSignal) => Promise<number | undefined> {
  const dispatcher = new Agent({
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    connect: { timeout: Math.min(silenceMs, connectTimeoutMs) },
    pipelining: 0,
  });
  let ways: readonly Way[] = [chatWay, templateWay];

  async function post(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    const response = await fetch(`${serverRoot(endpoint.baseUrl)}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(endpoint.apiKey && { authorization: `Bearer ${endpoint.apiKey}` }),
      },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal,
      dispatcher,
    });
    const text = await readLimited(response.body, maxBytes);
    if (!response.ok) throw new ServerAnswer(response.status, new Headers(Object.fromEntries(response.headers)), text);
    return JSON.parse(text);
  }

  return async (body, signal) => {
    signal.throwIfAborted();
    const prompt = Object.fromEntries(Object.entries(body).filter(([name]) => promptMembers.includes(name)));
    for (const way of ways) {
      try {
        const count = await way((path, sent) => post(path, sent, signal), prompt);
        if (count === undefined) continue;
        ways = [way];
        return count;
      } catch (error) {
        signal.throwIfAborted();
        if (isPassing(error, ways.length === 1)) return undefined;
        break;
      }
    }
    ways = [];
    return undefined;
  };
}

/** Whether asking again may bring a count: the server is busy, or it counted before and refuses this one prompt. */
function isPassing(error: unknown, countedBefore: boolean): boolean {
  if (!(error instanceof ServerAnswer)) return false;
  const { status } = error;
  if (status === 404 || status === 405 || status === 501) return false;
  return countedBefore || status === 408 || status === 429 || status >= 500;
}
