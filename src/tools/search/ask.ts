/** HTTP to a search provider: to a checked address, within limits, every failure in words for a person. */
import { isIPv6 } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import { Agent, request } from 'undici';
import { messageOf } from '../../agent/errors.ts';
import { destination, Refusal } from '../../network/rules.ts';
import { ProviderFailure } from './provider.ts';
import { reachableProvider } from './reach.ts';

/** What a provider is asked. */
export interface Ask {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, by POST; absent: GET. */
  readonly json?: unknown;
}

/** What it answered, whatever the status was. */
export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** The wait that its headers ask for, in ms. */
  readonly retryAfterMs?: number;
  /** Where it sends the asker. */
  readonly location?: string;
}

/** How long things may take; tests have less patience. */
export interface Patience {
  readonly timeoutMs: number;
  /** Further tries where the same request may well succeed. */
  readonly retries: number;
  /** Before the first of them; then twice as long. */
  readonly retryMs: number;
  /** The longest wait that a server may ask for; behind it the next provider is asked at once. */
  readonly longestWaitMs: number;
}

export const usualPatience: Patience = { timeoutMs: 20_000, retries: 2, retryMs: 500, longestWaitMs: 5_000 };

/** Asks once and again where that is sensible. Connections are kept until `close`. */
export interface Asker {
  /** `judge` makes the answer a result or throws ProviderFailure. */
  readonly ask: <T>(what: Ask, judge: (answered: Answered) => T, signal: AbortSignal) => Promise<T>;
  readonly close: () => Promise<void>;
}

const maxBytes = 5_000_000;

/** One for all providers of a run. */
export function makeAsker({
  allowLoopback,
  patience = usualPatience,
}: {
  readonly allowLoopback: boolean;
  readonly patience?: Patience;
}): Asker {
  const agents = new Map<string, Agent>();
  const agentFor = (address: string) => {
    const known = agents.get(address);
    if (known) return known;
    const family = isIPv6(address) ? 6 : 4;
    const { timeoutMs } = patience;
    const agent = new Agent({
      // The address that was checked is what is connected to, whatever the name means by then.
      connect: {
        timeout: timeoutMs,
        lookup: (_host, { all }, give) => (all ? give(null, [{ address, family }]) : give(null, address, family)),
      },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    agents.set(address, agent);
    return agent;
  };
  const once = async (what: Ask, signal: AbortSignal): Promise<Answered> => {
    const { url, headers, json } = what;
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    const { address } = await destination(url.hostname, port, {
      allowed: () => true,
      reachable: (candidate) => reachableProvider(candidate, allowLoopback),
    });
    const response = await request(url, {
      dispatcher: agentFor(address),
      method: json === undefined ? 'GET' : 'POST',
      headers: {
        'user-agent': 'MiroThinker',
        accept: 'application/json, application/xml;q=0.9, */*;q=0.1',
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      signal,
    });
    const text = await limitedText(response.body);
    const waitMs = retryAfter(response.headers);
    const location = one(response.headers['location']);
    return {
      status: response.statusCode,
      type: one(response.headers['content-type'])?.toLowerCase() ?? '',
      text,
      ...(waitMs !== undefined && { retryAfterMs: waitMs }),
      ...(location !== undefined && { location }),
    };
  };
  return {
    ask: async (what, judge, signal) => {
      const attempt = async () => {
        const timeout = AbortSignal.timeout(patience.timeoutMs);
        try {
          return judge(await once(what, AbortSignal.any([signal, timeout])));
        } catch (error) {
          signal.throwIfAborted();
          throw failureOf(error, timeout.aborted, { url: what.url, allowLoopback, patience });
        }
      };
      return pRetry(attempt, {
        retries: patience.retries,
        minTimeout: patience.retryMs,
        randomize: false,
        signal,
        shouldRetry: ({ error }) =>
          error instanceof ProviderFailure && error.retryable && (error.retryAfterMs ?? 0) <= patience.longestWaitMs,
        onFailedAttempt: async ({ error, retryDelay }) => {
          if (!(error instanceof ProviderFailure) || error.retryAfterMs === undefined || retryDelay === 0) return;
          await delay(Math.max(0, Math.min(error.retryAfterMs, patience.longestWaitMs) - retryDelay), undefined, {
            signal,
          });
        },
      });
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

function failureOf(
  error: unknown,
  timedOut: boolean,
  { url, allowLoopback, patience }: { readonly url: URL; readonly allowLoopback: boolean; readonly patience: Patience },
): unknown {
  if (error instanceof ProviderFailure) return error;
  if (timedOut || isTimeout(error))
    return new ProviderFailure('passing', `no answer within ${patience.timeoutMs / 1000} seconds`);
  if (error instanceof Refusal) {
    if (error.status === 502) return new ProviderFailure('settings', `${url.hostname} was not found`);
    return new ProviderFailure('settings', allowLoopback ? error.message : `${error.message} ${loopbackHint}`);
  }
  const code = codeOf(error);
  if (code === 'ECONNREFUSED')
    return new ProviderFailure('passing', `nothing answers at ${url.host}: is the server running?`);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'ERR_INVALID_CHAR')
    return new ProviderFailure('key', 'the key holds a character that no key has');
  return new ProviderFailure('passing', `${url.host} could not be asked: ${messageOf(error)}`, { retryable: true });
}

const loopbackHint =
  'A search server on this machine needs mirothinker.web.allowLoopback (--allow-loopback on the command line).';

function isTimeout(error: unknown): boolean {
  return ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function limitedText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new ProviderFailure('passing', 'the answer is longer than any list of results');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Retry-After (seconds or a date), or the first of Brave's X-RateLimit-Reset: the window that is over first. Others write the
 * time of the reset there, in seconds or ms since 1970.
 */
function retryAfter(headers: Readonly<Record<string, string | string[] | undefined>>): number | undefined {
  const said = one(headers['retry-after']) ?? one(headers['x-ratelimit-reset'])?.split(',')[0];
  if (said === undefined) return undefined;
  const seconds = Number(said);
  const ms = Number.isFinite(seconds) ? waitMs(seconds) : Date.parse(said) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Nobody is asked to wait for thirty years. */
function waitMs(seconds: number): number {
  if (seconds < 1e9) return seconds * 1000;
  return (seconds < 1e11 ? seconds * 1000 : seconds) - Date.now();
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
