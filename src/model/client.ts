/** The Model port over an OpenAI-compatible server: one request, one streamed reply. Retrying is the loop's. */
import OpenAI from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { ModelError } from '../agent/errors.ts';
import type { Model, ModelReply, ModelRequest, Preview } from '../agent/ports.ts';
import { normalBaseUrl } from './baseUrl.ts';
import { brokenStream, errorWords, modelError, notAModelServer, silenceError, type Endpoint } from './failures.ts';
import { overflowOf } from './overflow.ts';
import { listModels } from './probe.ts';
import { chatBody, optionalParameters, type OptionalParameter } from './request.ts';
import { growingReply } from './stream.ts';
import { modelAgent, ServerAnswer, streamingFetch, type StreamWatch } from './transport.ts';

/** Where the model is and how patient to be with it. */
export interface OpenAiModelOptions {
  readonly baseUrl: string;
  /** As the server lists it. */
  readonly model: string;
  readonly apiKey?: string | undefined;
  /** Silence between two chunks, after the first, that ends a reply; default 10 minutes. Before the first there is no limit. */
  readonly silenceMs?: number;
}

const defaultSilenceMs = 600_000;
/** Room for a reply below which a clamped request is not worth its prefill. */
const leastReplyTokens = 512;
/** The longest wait that timers take. */
const forever = 2 ** 31 - 1;

/** A model on a server. What the server refuses is remembered as long as the value lives. */
export function openAiModel(options: OpenAiModelOptions): Model {
  const endpoint: Endpoint = { ...options, baseUrl: normalBaseUrl(options.baseUrl) };
  const silenceMs = options.silenceMs ?? defaultSilenceMs;
  const refused = new Set<OptionalParameter>();
  const agent = modelAgent();

  async function attempt(
    body: ChatCompletionCreateParamsStreaming,
    onPreview: ModelRequest['onPreview'],
    signal: AbortSignal,
  ) {
    const watch: StreamWatch = { done: false };
    const client = new OpenAI({
      baseURL: endpoint.baseUrl,
      apiKey: endpoint.apiKey ?? 'none',
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      ...(!endpoint.apiKey && { defaultHeaders: { Authorization: null } }),
      fetch: streamingFetch(agent, watch),
      maxRetries: 0,
      timeout: forever,
      logLevel: 'off',
    });
    return readReply(client, body, { endpoint, silenceMs, watch, onPreview }, signal);
  }

  async function complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    let { maxTokens } = request;
    for (;;) {
      signal.throwIfAborted();
      request.onPreview({ kind: 'reading' });
      try {
        return await attempt(chatBody(endpoint.model, { ...request, maxTokens }, refused), request.onPreview, signal);
      } catch (thrown) {
        signal.throwIfAborted();
        const room = replyRoom(thrown, maxTokens);
        const unknown = room === undefined ? refusedParameters(thrown).filter((name) => !refused.has(name)) : [];
        if (room === undefined && unknown.length === 0) throw await explained(thrown, endpoint, signal);
        maxTokens = room ?? maxTokens;
        for (const name of unknown) refused.add(name);
      }
    }
  }

  return { name: endpoint.model, deterministic: false, complete };
}

interface Reading {
  readonly endpoint: Endpoint;
  readonly silenceMs: number;
  readonly watch: StreamWatch;
  readonly onPreview: (preview: Preview) => void;
}

async function readReply(
  client: OpenAI,
  body: ChatCompletionCreateParamsStreaming,
  { endpoint, silenceMs, watch, onPreview }: Reading,
  signal: AbortSignal,
): Promise<ModelReply> {
  const silence = new AbortController();
  const stop = () => silence.abort(silenceError(endpoint, silenceMs));
  let timer: NodeJS.Timeout | undefined;
  const growing = growingReply();
  try {
    const stream = await client.chat.completions.create(body, { signal: AbortSignal.any([signal, silence.signal]) });
    for await (const chunk of stream) {
      const delta = growing.add(chunk);
      if (delta) onPreview({ kind: 'delta', ...delta });
      if (delta || timer) {
        clearTimeout(timer);
        timer = setTimeout(stop, silenceMs);
      }
    }
  } catch (error) {
    silence.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  signal.throwIfAborted();
  silence.signal.throwIfAborted();
  if (!growing.begun()) throw notAModelServer(endpoint, 'no reply in its stream');
  if (!growing.finished() && !watch.done) throw brokenStream(endpoint, 'the connection ended before the reply did');
  const reply = growing.reply();
  if (reply.finishReason === 'abort') throw brokenStream(endpoint, 'the server aborted it');
  return reply;
}

/** Where the prompt alone fits, the tokens that are left for the reply; undefined when asking again is of no use. */
function replyRoom(thrown: unknown, maxTokens: number): number | undefined {
  const answer = serverAnswer(thrown);
  if (answer?.status !== 400) return undefined;
  const { message, error } = errorWords(answer.body);
  const { window, prompt } = overflowOf(message, error) ?? {};
  if (window === undefined || prompt === undefined) return undefined;
  const room = window - prompt - 1;
  return room >= leastReplyTokens && room < maxTokens ? room : undefined;
}

/** The parameters that a server's refusal names; the least common one where it names none. */
function refusedParameters(thrown: unknown): readonly OptionalParameter[] {
  const answer = serverAnswer(thrown);
  if (!answer || (answer.status !== 400 && answer.status !== 422)) return [];
  const { message, error } = errorWords(answer.body);
  if (overflowOf(message, error)) return [];
  const named = optionalParameters.filter((name) => answer.body.includes(name));
  if (named.length > 0) return named;
  const unknown =
    /unknown|unrecogni[sz]ed|unsupported|unexpected|not permitted|not supported|extra (?:fields|inputs|keys)/i;
  return unknown.test(message) ? ['repetition_penalty'] : [];
}

function serverAnswer(thrown: unknown): ServerAnswer | undefined {
  if (thrown instanceof ServerAnswer) return thrown;
  return thrown instanceof Error && thrown.cause !== undefined ? serverAnswer(thrown.cause) : undefined;
}

/** The error to tell; of a model that is not there, with those that are. */
async function explained(thrown: unknown, endpoint: Endpoint, signal: AbortSignal): Promise<ModelError> {
  const error = modelError(thrown, endpoint);
  if (error.code !== 'notFound') return error;
  const models = await listModels(endpoint.baseUrl, endpoint.apiKey, signal).catch(() => []);
  if (models.length === 0 || models.some(({ id }) => id === endpoint.model)) return error;
  const names = models.slice(0, 20).map(({ id }) => id);
  const advice = `It has ${names.join(', ')}${models.length > names.length ? ', …' : ''}. Set mirothinker.model (option --model) to one of these.`;
  const message = `${endpoint.baseUrl} has no model “${endpoint.model}”. ${advice}`;
  return new ModelError('notFound', message, { retryable: false, cause: thrown });
}
