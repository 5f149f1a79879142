/** What an answer's status and body say: one reading of HTTP for all providers. */
import type { z } from 'zod';
import { isRecord, parseJson } from '../../shared/json.ts';
import { ProviderFailure } from './provider.ts';
import type { Answered } from './ask.ts';

/** The body as JSON of this shape. Throws ProviderFailure for every status but 200, for HTML and for what does not parse. */
export function judgeJson<S extends z.ZodType>(answered: Answered, schema: S): z.infer<S> {
  refuseStatus(answered);
  const { text, type } = answered;
  if (type.includes('html') || /^\s*<(?:!doctype|html)/i.test(text))
    throw new ProviderFailure('settings', 'it answers with a web page in place of JSON: is the address right?');
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw new ProviderFailure('passing', 'its answer is no JSON of the expected form');
  return parsed.data;
}

/** Throws ProviderFailure for every status but 200. */
export function refuseStatus({ status, text, retryAfterMs, location }: Answered): void {
  if (status === 200) return;
  const said = `HTTP ${status}${quoted(messageIn(text))}`;
  if (status >= 300 && status < 400)
    throw new ProviderFailure('settings', `it redirects to ${location ?? 'nowhere'}: name that address`);
  if (status === 401 || status === 403) throw new ProviderFailure('key', `the key was refused (${said})`);
  if (status === 402 || status === 432 || status === 433)
    throw new ProviderFailure('quota', `the plan's quota is used up (${said})`);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 429) {
    const later = retryAfterMs === undefined ? '' : `, try again in ${Math.ceil(retryAfterMs / 1000)} s`;
    throw new ProviderFailure('quota', `too many requests (${said}${later})`, { ...wait, retryable: true });
  }
  if (status === 404) throw new ProviderFailure('settings', `there is no search at this address (${said})`);
  if (status >= 500) throw new ProviderFailure('passing', `its server failed (${said})`, { ...wait, retryable: true });
  throw new ProviderFailure('passing', `it refused the request (${said})`);
}

function quoted(message: string | undefined): string {
  return message === undefined ? '' : `: ${message}`;
}

/** The one sentence of an error's body, wherever providers put it. */
export function messageIn(text: string): string | undefined {
  const body = parseJson(text);
  const found = deepMessage(body);
  return found?.replace(/\s+/g, ' ').trim().slice(0, 200) || undefined;
}

function deepMessage(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isRecord(value)) return undefined;
  for (const name of ['message', 'error', 'detail']) {
    const found = deepMessage(value[name]);
    if (found !== undefined && found !== '') return found;
  }
  return undefined;
}
