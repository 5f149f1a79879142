/** Which model server answers at an address, and what it serves (servers.md: asking what is there). */
import { Agent, fetch } from 'undici';
import { z } from 'zod';
import { ModelError } from '../agent/errors.ts';
import { normalBaseUrl, serverRoot } from './baseUrl.ts';
import { modelError, notAModelServer, type Endpoint } from './failures.ts';
import { flavours, type ServedModel, type ServerKind } from './flavours.ts';
import { readLimited, ServerAnswer } from './transport.ts';

/** A model server that answered. */
export interface ServerInfo {
  readonly kind: ServerKind;
  readonly baseUrl: string;
  /** As the server lists them, those in memory first. */
  readonly models: readonly ServedModel[];
  /** The server is there but wants a key before it says more. */
  readonly needsKey?: true;
}

export type { ServedModel, ServerKind };

/** Where servers usually are on this machine. */
export const usualAddresses: readonly string[] = [8000, 30000, 61002, 8080, 11434, 1234].map(
  (port) => `http://127.0.0.1:${port}/v1`,
);

const localTimeoutMs = 2_000;
const timeoutMs = 5_000;
const maxBytes = 5_000_000;

/** The servers that answer at the given addresses, in their order; within two seconds. */
export async function probeServers(
  signal: AbortSignal,
  addresses: readonly string[] = usualAddresses,
): Promise<readonly ServerInfo[]> {
  const found = await Promise.all(
    addresses.map(async (address) => {
      try {
        return await ask(normalBaseUrl(address), undefined, localTimeoutMs, signal);
      } catch {
        signal.throwIfAborted();
        return undefined;
      }
    }),
  );
  return found.filter((server) => server !== undefined);
}

/** What answers at one address within the limit. Throws ModelError when nothing does or when it is no model server. */
export async function probe(
  baseUrl: string,
  apiKey: string | undefined,
  signal: AbortSignal,
  limitMs = timeoutMs,
): Promise<ServerInfo> {
  return ask(normalBaseUrl(baseUrl), apiKey, limitMs, signal);
}

/** The models that a server lists, within two seconds. Throws when it does not. */
export async function listModels(
  baseUrl: string,
  apiKey: string | undefined,
  signal: AbortSignal,
): Promise<readonly ServedModel[]> {
  const asking = questioner({ baseUrl, model: '', apiKey }, localTimeoutMs, signal);
  return asking.models().finally(asking.close);
}

async function ask(
  baseUrl: string,
  apiKey: string | undefined,
  limitMs: number,
  signal: AbortSignal,
): Promise<ServerInfo> {
  const asking = questioner({ baseUrl, model: '', apiKey }, limitMs, signal);
  try {
    const listed = asking.models();
    const recognised = Promise.all(
      flavours.map(async (flavour) => ({ flavour, known: await flavour.recognise(asking) })),
    );
    recognised.catch(() => undefined);
    const models = await listed;
    const { flavour, known } = (await recognised).find((candidate) => candidate.known !== undefined) ?? {};
    if (!flavour || !known) return { kind: 'openai', baseUrl, models };
    return { kind: flavour.kind, baseUrl, models: await flavour.describe(models, known, asking) };
  } catch (error) {
    signal.throwIfAborted();
    const problem = modelError(error, { baseUrl, model: '', apiKey });
    if (problem.code === 'unauthorized' && !apiKey) return { kind: 'openai', baseUrl, models: [], needsKey: true };
    if (problem.code !== 'notFound') throw problem;
    const advice = 'The base URL of a model server usually ends in /v1.';
    throw new ModelError('notFound', `${baseUrl} lists no models (404). ${advice}`, { retryable: false, cause: error });
  } finally {
    asking.close();
  }
}

const listSchema = z.object({
  data: z.array(z.object({ id: z.string().min(1), max_model_len: z.number().positive().nullish().catch(undefined) })),
});

/** Questions to one server, all within one time limit. */
interface Questioner {
  readonly models: () => Promise<readonly ServedModel[]>;
  /** Parsed JSON from the server's root; undefined for anything else. */
  readonly json: (path: string, body?: unknown) => Promise<unknown>;
}

function questioner(
  endpoint: Endpoint,
  limitMs: number,
  signal: AbortSignal,
): Questioner & { readonly close: () => void } {
  const { baseUrl, apiKey } = endpoint;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const dispatcher = new Agent({ connect: { timeout: limitMs }, pipelining: 0 });
  const headers = { accept: 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) };
  const request = async (url: string, body?: unknown) => {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const type = { ...headers, 'content-type': 'application/json' };
    const response = await fetch(url, { ...sent, headers: type, redirect: 'manual', signal: limit, dispatcher });
    const text = await readLimited(response.body, maxBytes);
    if (!response.ok) throw new ServerAnswer(response.status, new Headers(Object.fromEntries(response.headers)), text);
    return text;
  };
  return {
    close: () => void dispatcher.destroy(),
    models: async () => {
      const text = await request(`${baseUrl}/models`);
      const list = listSchema.safeParse(parsed(text));
      if (!list.success) throw notAModelServer(endpoint, /^\s*</.test(text) ? 'a web page' : 'no list of models');
      return list.data.data.map(({ id, max_model_len: contextWindow }) => ({
        id,
        ...(contextWindow && { contextWindow }),
      }));
    },
    json: async (path, body) => {
      try {
        return parsed(await request(`${serverRoot(baseUrl)}${path}`, body));
      } catch {
        return undefined;
      }
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
