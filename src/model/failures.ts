/** Everything that goes wrong with a model server → a ModelError whose message says what is wrong and what to do. */
import { APIError } from 'openai';
import { ModelError, messageOf } from '../agent/errors.ts';
import { countOf } from '../shared/quantities.ts';
import { isRecord, parseJson } from '../shared/json.ts';
import { overflowOf, promptOf, type Overflow } from './overflow.ts';
import { ServerAnswer } from './transport.ts';

/** The server that was asked. */
export interface Endpoint {
  readonly baseUrl: string;
  readonly model: string;
  /** Never shown. */
  readonly apiKey?: string | undefined;
}

const otherServer =
  'Choose another with “MiroThinker: Connect a Model Server” (setting mirothinker.baseUrl, option --base-url).';
const keyAdvice = 'Set it with “MiroThinker: Set the API Key” (or MIROTHINKER_API_KEY).';

/** What was thrown while asking the server for a reply of so many tokens. */
export function modelError(thrown: unknown, endpoint: Endpoint, maxTokens = 0): ModelError {
  for (let error = thrown, depth = 0; depth < 5; depth++) {
    if (error instanceof ModelError) return error;
    if (error instanceof ServerAnswer) break;
    const code = networkCode(error);
    if (code !== undefined) return networkError(code, endpoint, thrown);
    if (error instanceof SyntaxError) return brokenStream(endpoint, 'what it sent is no JSON', thrown);
    if (!(error instanceof Error) || error.cause === undefined) break;
    error = error.cause;
  }
  const said = saidBy(thrown);
  if (!said) return networkError('', endpoint, thrown);
  const overflow = overflowIn(thrown);
  if (overflow) return overflowError(overflow, maxTokens, quoted(said.message, endpoint), endpoint.baseUrl);
  return said.answer ? answerError(said.answer, endpoint) : errorInStream(said, endpoint);
}

/** What a server said of its window, as an answer or inside a stream; undefined when it failed in another way. */
export function overflowIn(thrown: unknown): Overflow | undefined {
  const said = saidBy(thrown);
  if (!said || ((said.status ?? 0) >= 500 && !/context/i.test(said.message))) return undefined;
  return overflowOf(said.message, said.error);
}

/** A server's complaint. */
interface Said {
  /** Of the answer, or the code of an error object inside a stream. */
  readonly status: number | undefined;
  readonly message: string;
  readonly error: unknown;
  /** Everything that it said. */
  readonly text: string;
  /** Absent: it was said inside a stream. */
  readonly answer?: ServerAnswer;
}

/** The server's complaint in what was thrown; undefined when it said nothing. */
export function saidBy(thrown: unknown): Said | undefined {
  if (thrown instanceof ServerAnswer) {
    return { status: thrown.status, ...errorWords(thrown.body), text: thrown.body, answer: thrown };
  }
  if (thrown instanceof APIError && (isRecord(thrown.error) || typeof thrown.error === 'string')) {
    const text = typeof thrown.error === 'string' ? thrown.error : JSON.stringify(thrown.error);
    const code = isRecord(thrown.error) ? Number(thrown.error['code']) : NaN;
    return { status: code >= 400 && code < 600 ? code : undefined, ...errorWords(text), text };
  }
  return thrown instanceof Error && thrown.cause !== undefined ? saidBy(thrown.cause) : undefined;
}

/** An error object that came in place of a chunk and has no member `error` around it, as older vLLM sends it. */
export function errorInPlaceOfChunk(chunk: unknown): APIError | undefined {
  if (!isRecord(chunk) || 'choices' in chunk || typeof chunk['message'] !== 'string') return undefined;
  return new APIError(undefined, chunk, undefined, undefined);
}

/** The server's own words in an error's body: its several shapes hold them in different places. */
export function errorWords(body: string): { readonly message: string; readonly error: unknown } {
  const json = parseJson(body);
  const error = json?.['error'] ?? json;
  if (typeof error === 'string') return { message: error, error: json };
  const said = isRecord(error) ? (error['message'] ?? error['detail'] ?? error['msg']) : undefined;
  if (said !== undefined) return { message: typeof said === 'string' ? said : JSON.stringify(said), error };
  return { message: body.trim(), error };
}

/** Why an unfinished stream is no reply. */
export function brokenStream(endpoint: Endpoint, why: string, cause?: unknown): ModelError {
  return new ModelError('malformed', `The reply of ${endpoint.baseUrl} broke off: ${why}.`, { retryable: true, cause });
}

/** Nothing came for too long in the middle of a reply. */
export function silenceError(endpoint: Endpoint, silenceMs: number): ModelError {
  const minutes = countOf(Math.max(1, Math.round(silenceMs / 60_000)), 'minute');
  return new ModelError(
    'timeout',
    `${endpoint.baseUrl} stopped in the middle of its reply and was silent for ${minutes}.`,
    {
      retryable: true,
    },
  );
}

/** What answers is no model server. */
export function notAModelServer(endpoint: Pick<Endpoint, 'baseUrl'>, what: string): ModelError {
  return new ModelError(
    'malformed',
    `What answers at ${endpoint.baseUrl} is not a model server: it sent ${what}. ${otherServer}`,
    {
      retryable: false,
    },
  );
}

/** llama.cpp without `--jinja`, vLLM without a tool parser, Ollama with a model that has no template for tools. */
const takesNoTools =
  /tools? param(?:eter)? requires --jinja|tool_choice param requires --jinja|requires --enable-auto-tool-choice|does not support tools/i;

function answerError({ status, headers, body }: ServerAnswer, endpoint: Endpoint): ModelError {
  const { message, error } = errorWords(body);
  const words = quoted(message, endpoint);
  const { baseUrl, model } = endpoint;
  if (status === 401 || status === 403) {
    const wrong = endpoint.apiKey ? 'does not accept the API key' : 'wants an API key';
    return new ModelError('unauthorized', `${baseUrl} ${wrong} (${status}). ${keyAdvice}`, { retryable: false });
  }
  const html = /^\s*<(?:!doctype|html)/i.test(body);
  if (takesNoTools.test(message)) {
    return new ModelError('noToolCalls', `${baseUrl} takes no native tool calls${words}`, { retryable: false });
  }
  if (status === 404 && isAboutModel(message, error, model)) {
    return new ModelError('notFound', `${baseUrl} has no model “${model}”.`, { retryable: false });
  }
  if (status === 404 || status === 405) {
    const advice = `The base URL usually ends in /v1. ${otherServer}`;
    return new ModelError(
      'notFound',
      `There are no chat completions at ${baseUrl}/chat/completions (${status}). ${advice}`,
      {
        retryable: false,
      },
    );
  }
  const retryAfterMs = retryAfter(headers);
  const again = { retryable: true, away: isAway(status), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (status === 429) return new ModelError('rateLimited', `${baseUrl} has too many requests (429)${words}`, again);
  if (isAway(status)) return new ModelError('http', `${baseUrl} is not ready (${status})${words}`, again);
  if (status === 408) return new ModelError('timeout', `${baseUrl} timed out (408)${words}`, again);
  if (status >= 500) return new ModelError('http', `${baseUrl} failed (${status})${words}`, again);
  if (status >= 400 && ownParser.test(message)) {
    return new ModelError('http', `${baseUrl} could not read its own model's reply (${status})${words}`, again);
  }
  if (html) return notAModelServer(endpoint, 'a web page');
  if (status < 400) {
    return notAModelServer(endpoint, body.trim() === '' ? 'an empty answer' : `something else than a reply${words}`);
  }
  return new ModelError('http', `${baseUrl} refused the request (${status})${words}`, { retryable: false });
}

/** A server that parses its model's calls itself fails when the model writes one badly: another sample may be well. */
const ownParser =
  /failed to parse (?:input at pos|(?:the )?(?:model )?(?:output|response)|tool call)|XML syntax error|element <\w+> closed by|expected element type/i;

/** A gateway, or a server that restarts or loads its model, answers so for a while. */
function isAway(status: number | undefined): boolean {
  return status === 502 || status === 503 || status === 504;
}

function errorInStream({ status, message }: Said, endpoint: Endpoint): ModelError {
  const words = quoted(message, endpoint);
  if ((status === 400 || status === 401 || status === 403 || status === 404) && !ownParser.test(message)) {
    return new ModelError('http', `${endpoint.baseUrl} refused the request (${status})${words}`, { retryable: false });
  }
  const code = status === 429 ? 'rateLimited' : 'http';
  const what = `${endpoint.baseUrl} failed in the middle of its reply${words}`;
  return new ModelError(code, what, { retryable: true, away: isAway(status) });
}

function overflowError(overflow: Overflow, maxTokens: number, words: string, baseUrl: string): ModelError {
  const { window, atLeast } = overflow;
  const prompt = promptOf(overflow, maxTokens);
  const size = prompt === undefined ? '' : ` of ${atLeast ? 'at least ' : ''}${countOf(prompt, 'token')}`;
  const fits = prompt !== undefined && window !== undefined && prompt < window;
  const trouble = fits ? 'leaves too little room for a reply in' : 'does not fit';
  const limit = window === undefined ? '' : ` of ${countOf(window, 'token')}`;
  return new ModelError('overflow', `The prompt${size} ${trouble} the context window${limit} of ${baseUrl}${words}`, {
    retryable: false,
    ...(window !== undefined && { contextWindow: window }),
    ...(prompt !== undefined && !atLeast && { promptTokens: prompt }),
  });
}

const networkProblems: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'No server answers at WHERE: the connection was refused. Start the model server, or',
  ECONNRESET: 'WHERE closed the connection before its reply was whole. See whether the server still runs, or',
  EPIPE: 'WHERE closed the connection before its reply was whole. See whether the server still runs, or',
  UND_ERR_SOCKET: 'WHERE closed the connection before its reply was whole. See whether the server still runs, or',
  UND_ERR_CONNECT_TIMEOUT: 'Nothing answers at WHERE: connecting took too long. See whether the address is right, or',
  ETIMEDOUT: 'Nothing answers at WHERE: connecting took too long. See whether the address is right, or',
  TimeoutError: 'Nothing comes from WHERE in time. See whether it is busy or the address is right, or',
  EHOSTUNREACH: 'The host of WHERE cannot be reached. See whether the address is right, or',
  ENETUNREACH: 'The network of WHERE cannot be reached. See whether this machine is connected, or',
  ENOTFOUND: 'The host of WHERE is unknown. See whether the address is right, or',
  EAI_AGAIN: 'The host of WHERE cannot be looked up now. See whether this machine is connected, or',
  HTTPParserError: 'What answers at WHERE does not speak HTTP. See whether the address is right, or',
};

function networkError(code: string, { baseUrl }: Endpoint, cause: unknown): ModelError {
  const known =
    networkProblems[code] ?? `WHERE cannot be asked (${innermost(cause)}). See whether the address is right, or`;
  const message = `${known.replace('WHERE', baseUrl)} ${otherServer.charAt(0).toLowerCase()}${otherServer.slice(1)}`;
  return new ModelError('network', message, { retryable: true, cause });
}

function innermost(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? innermost(error.cause) : messageOf(error);
}

function isAboutModel(message: string, error: unknown, model: string): boolean {
  const code = isRecord(error) ? error['code'] : undefined;
  return code === 'model_not_found' || /\bmodel\b/i.test(message) || (model !== '' && message.includes(model));
}

/** At most this many characters of a server's words are shown. */
const maxWords = 500;

function quoted(message: string, { apiKey }: Endpoint): string {
  const safe = apiKey ? message.replaceAll(apiKey, '***') : message;
  const line = safe.replace(/\s+/g, ' ').trim();
  if (line === '' || /^<(?:!doctype|html)/i.test(line)) return '.';
  return `: ${line.length > maxWords ? `${line.slice(0, maxWords)}…` : line}`;
}

/** Seconds or a date; at most ten minutes. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.min(600_000, Math.max(0, Math.round(ms))) : undefined;
}

/** The key in `networkProblems` of a system's or undici's error. */
function networkCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // undici's parser calls a connection that ends within a chunked body so; it has no code of its own.
  if (error.name === 'HTTPParserError' && error.message.includes('Invalid EOF')) return 'UND_ERR_SOCKET';
  const known = [error.name, 'code' in error ? error.code : undefined];
  return known.find((name) => typeof name === 'string' && name in networkProblems)?.toString();
}
