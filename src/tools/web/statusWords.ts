/** What a server's refusal means, for the model. */
import { STATUS_CODES } from 'node:http';
import { FetchError } from './fetchError.ts';
import type { WebAnswer } from './fetchExchange.ts';

const meanings: Readonly<Record<number, string>> = {
  401: 'it wants a login',
  402: 'it wants to be paid',
  403: 'it does not let us in (a login, a wall against robots, or a country)',
  404: 'there is no such page',
  407: 'a proxy wants a login',
  410: 'the page is gone',
  429: 'it was asked too often',
  451: 'it may not be shown for legal reasons',
  503: 'it is overloaded or closed for now',
};

/** The error for an answer that is no page. */
export function statusProblem({ url, status, headers }: WebAnswer): FetchError {
  const meaning = meanings[status] ?? (status >= 500 ? 'the server has a problem' : undefined);
  const after = headers['retry-after'];
  const again =
    (status === 429 || status === 503) && after !== undefined
      ? ` It may be asked again after: ${after.slice(0, 40)}.`
      : '';
  const words = [String(status), STATUS_CODES[status] ?? ''].join(' ').trim();
  const message = `${url.href} answered ${words}${meaning === undefined ? '' : `: ${meaning}`}.${again}`;
  return new FetchError('status', message, { status });
}
