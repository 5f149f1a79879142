/** The protocol's own client: the one file that knows the library. */
import {
  Client,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  deserializeMessage,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { messageOf } from '../../agent/errors.ts';
import type { HttpServer } from './definition.ts';
import { startProcess, type Program, type ServerProcess } from './serverProcess.ts';

/** A tool as a server lists it; nothing of it is trusted. */
export type ListedTool = z.infer<typeof listedToolSchema>;

/** An open connection. */
export interface Session {
  readonly listTools: () => Promise<readonly ListedTool[]>;
  /** The result as it came. Throws CallFailure; what `signal` aborts throws its reason. */
  readonly call: (name: string, args: unknown, signal: AbortSignal, timeoutMs: number) => Promise<unknown>;
  readonly ping: (timeoutMs: number) => Promise<void>;
  /** Settles with why, when it is over. */
  readonly ended: Promise<string>;
  readonly close: () => Promise<void>;
}

/** Where a session leads. */
export type Target = (Program & { readonly kind: 'stdio' }) | HttpServer;

export interface SessionOptions {
  readonly roots: readonly { readonly name: string; readonly path: string }[];
  /** Until it is open, and for the list of tools. */
  readonly timeoutMs: number;
  /** The run's. */
  readonly signal: AbortSignal;
  readonly onToolsChanged: () => void;
}

/**
 * A call brought no result. `refused`: the server says so, it was not made; `unmade`: it never reached the server;
 * `unknown`: it may have been made.
 */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly outcome: 'refused' | 'unmade' | 'unknown';

  constructor(outcome: CallFailure['outcome'], message: string) {
    super(message);
    this.outcome = outcome;
  }
}

const listedToolSchema = z.object({
  name: z.string().min(1),
  title: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  inputSchema: z.unknown(),
  annotations: z
    .looseObject({ title: z.string().optional(), readOnlyHint: z.boolean().optional() })
    .optional()
    .catch(undefined),
});
const pageSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const anything = z.looseObject({});
const maxPages = 20;

/** Opens a session: the plain handshake, then the later one where the server knows no other, then the older transport. */
export async function openSession(target: Target, options: SessionOptions): Promise<Session> {
  const ways = waysTo(target);
  const late = AbortSignal.timeout(options.timeoutMs);
  for (const [index, way] of ways.entries()) {
    try {
      return await openBy(way, target, options, AbortSignal.any([options.signal, late]));
    } catch (error) {
      options.signal.throwIfAborted();
      if (late.aborted) throw new Error(`it was not there within ${options.timeoutMs / 1000} s`);
      if (index === ways.length - 1 || !speaksOtherwise(error)) throw error;
    }
  }
  throw new Error('there is no way to it');
}

type Way = 'legacy' | 'auto' | 'sse';

function waysTo(target: Target): readonly Way[] {
  if (target.kind === 'stdio') return ['legacy', 'auto'];
  return target.sse ? ['sse'] : ['legacy', 'auto', 'sse'];
}

/** Whether the server answered, but not in this way of speaking. */
function speaksOtherwise(thrown: unknown): boolean {
  const error = thrown instanceof SpokenFailure ? thrown.cause : thrown;
  if (SdkHttpError.isInstance(error)) return error.status >= 400 && error.status < 500 && error.status !== 401;
  if (ProtocolError.isInstance(error)) return true;
  return SdkError.isInstance(error) && error.code === SdkErrorCode.EraNegotiationFailed;
}

/** A failure with what the server itself wrote. */
class SpokenFailure extends Error {
  override readonly name = 'SpokenFailure';
}

async function openBy(way: Way, target: Target, options: SessionOptions, until: AbortSignal): Promise<Session> {
  const { roots, timeoutMs, signal, onToolsChanged } = options;
  const client = new Client(
    { name: 'mirothinker', title: 'MiroThinker', version: '1' },
    {
      capabilities: { roots: {} },
      ...(way === 'auto' && { versionNegotiation: { mode: 'auto' as const } }),
    },
  );
  const ended = Promise.withResolvers<string>();
  client.setRequestHandler('roots/list', () => ({
    roots: roots.map(({ name, path }) => ({ name, uri: pathToFileURL(path).href })),
  }));
  client.setNotificationHandler('notifications/tools/list_changed', onToolsChanged);
  client.onclose = () => ended.resolve('the connection was closed');
  const local = target.kind === 'stdio' ? await startProcess(target, (line) => onLine(line)) : undefined;
  const transport = local ? processTransport(local) : httpTransport(target.kind === 'http' ? target : undefined, way);
  const onLine = (line: string) => {
    // What is no message (a greeting, a log) is passed over.
    if (!line.trimStart().startsWith('{')) return;
    try {
      transport.onmessage?.(deserializeMessage(line));
    } catch (error) {
      transport.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
  };
  void local?.ended.then((why) => {
    ended.resolve(why);
    transport.onclose?.();
  });
  const close = async () => {
    await client.close().catch(() => undefined);
    await local?.end();
  };
  try {
    // Not every transport ends its start when the signal says so.
    await Promise.race([client.connect(transport, { timeout: timeoutMs, signal: until }), rejection(until)]);
  } catch (error) {
    const why = local && (await Promise.race([local.ended, Promise.resolve(undefined)]));
    await close();
    const words = local?.lastWords();
    if (!words && !why) throw error;
    throw new SpokenFailure(`${why ?? messageOf(error)}${words ? `. It wrote: ${words}` : ''}`, { cause: error });
  }
  return {
    listTools: async () => {
      const listed: ListedTool[] = [];
      for (let cursor: string | undefined, page = 0; page < maxPages; page++) {
        const params = cursor === undefined ? {} : { cursor };
        const { tools, nextCursor } = await client.request({ method: 'tools/list', params }, pageSchema, {
          timeout: timeoutMs,
          signal,
        });
        listed.push(...tools.flatMap((tool) => listedToolSchema.safeParse(tool).data ?? []));
        if (nextCursor === undefined) break;
        cursor = nextCursor;
      }
      return listed;
    },
    call: async (name, args, until, callMs) => {
      const params = { name, arguments: args };
      const limits = { signal: until, timeout: callMs, maxTotalTimeout: callMs };
      return client.request({ method: 'tools/call', params }, anything, limits).catch(async (error: unknown) => {
        until.throwIfAborted();
        throw await callFailure(error, local, ended.promise);
      });
    },
    ping: async (pingMs) => {
      await client.ping({ timeout: pingMs }).catch((error: unknown) => {
        // Whoever answers is there.
        if (!ProtocolError.isInstance(error)) throw error;
      });
    },
    ended: ended.promise,
    close,
  };
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new Error('aborted'));
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}

function httpTransport(server: HttpServer | undefined, way: Way): Transport {
  const url = new URL(server?.url ?? '');
  const requestInit = { headers: { ...server?.headers } };
  return way === 'sse'
    ? // Servers that speak nothing else are still there.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      new SSEClientTransport(url, { requestInit })
    : new StreamableHTTPClientTransport(url, { requestInit });
}

/** Lines of a process as messages; the process itself is ended by whoever started it. */
function processTransport(local: ServerProcess): Transport {
  const transport: Transport = {
    start: () => Promise.resolve(),
    send: (message) => local.send(serializeMessage(message)),
    close: () => {
      transport.onclose?.();
      return Promise.resolve();
    },
  };
  return transport;
}

async function callFailure(
  error: unknown,
  local: ServerProcess | undefined,
  ended: Promise<string>,
): Promise<CallFailure> {
  if (ProtocolError.isInstance(error)) return new CallFailure('refused', error.message);
  if (SdkHttpError.isInstance(error) && error.status >= 400 && error.status < 500) {
    return new CallFailure('unmade', `it answered with HTTP status ${error.status}`);
  }
  if (!SdkError.isInstance(error)) return new CallFailure(neverCame(error) ? 'unmade' : 'unknown', causeWords(error));
  if (error.code === SdkErrorCode.RequestTimeout) return new CallFailure('unknown', 'it did not answer in time');
  if (error.code === SdkErrorCode.NotConnected) return new CallFailure('unmade', 'it is not connected');
  const words = local?.lastWords();
  const why = error.code === SdkErrorCode.ConnectionClosed ? await ended : error.message;
  return new CallFailure('unknown', `${why}${words ? `. It wrote: ${words}` : ''}`);
}

/** Whether the request did not even reach a server. */
function neverCame(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'UND_ERR_CONNECT_TIMEOUT';
}

/** `fetch failed` alone says nothing. */
export function causeWords(error: unknown): string {
  const cause = error instanceof Error && !(error instanceof SpokenFailure) ? error.cause : undefined;
  const more = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : '';
  return `${messageOf(error)}${more}`;
}

/** What is wrong with a call's arguments, in words; undefined when they fit. */
export type ArgumentsCheck = (args: unknown) => string | undefined;

/**
 * Makes the checks of one server's tools, formats and all JSON Schema dialects included. What it gives back throws where a
 * schema itself cannot be used.
 */
export function argumentChecks(): (schema: Readonly<Record<string, unknown>>) => ArgumentsCheck {
  const provider = new AjvJsonSchemaValidator();
  return (schema) => {
    const validate = provider.getValidator(schema);
    return (args) => {
      const { valid, errorMessage } = validate(args);
      return valid ? undefined : errorMessage.replaceAll(/\bdata\b/g, 'arguments');
    };
  };
}
