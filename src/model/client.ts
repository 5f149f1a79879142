/** The Model port over an OpenAI-compatible server: one request, one streamed reply. Retrying is the loop's. */
import OpenAI from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { ModelError } from '../agent/errors.ts';
import type { Model, ModelReply, ModelRequest, StopReason } from '../agent/ports.ts';
import { normalBaseUrl } from './baseUrl.ts';
import {
  brokenStream,
  errorInPlaceOfChunk,
  modelError,
  notAModelServer,
  overflowIn,
  saidBy,
  silenceError,
  type Endpoint,
} from './failures.ts';
import type { ServerKind } from './flavours.ts';
import { replyRoom } from './overflow.ts';
import { listModels } from './probe.ts';
import {
  byteStore,
  chatBody,
  chatBytes,
  type ByteStore,
  optionalParameters,
  type OptionalParameter,
} from './request.ts';
import { growingReply, thoughtFields, type GrowingReply, type ThoughtField } from './stream.ts';
import { promptCounter } from './tokenize.ts';
import { complaintOf, modelAgent, streamingFetch, type StreamWatch } from './transport.ts';

/** Where the model is and how patient to be with it. */
export interface OpenAiModelOptions {
  readonly baseUrl: string;
  /** As the server lists it. */
  readonly model: string;
  readonly apiKey?: string | undefined;
  /** What the probe found; nothing that only some servers take is asked of an unknown one. */
  readonly kind?: ServerKind | undefined;
  /** Silence between two chunks, after the first, that ends a reply; default 10 minutes. Before the first there is no limit. */
  readonly silenceMs?: number;
}

const defaultSilenceMs = 600_000;
/** Requests for one reply whose refusals only tell how to ask. */
const maxTries = 12;
/** The longest wait that timers take. */
const forever = 2 ** 31 - 1;

/** A model on a server. What the server refuses is remembered as long as the value lives. */
export function openAiModel(options: OpenAiModelOptions): Model {
  const endpoint: Endpoint = { ...options, baseUrl: normalBaseUrl(options.baseUrl) };
  const silenceMs = options.silenceMs ?? defaultSilenceMs;
  const refused = new Set<OptionalParameter>();
  const continuousUsage = options.kind === 'vllm' || options.kind === 'sglang';
  // Thoughts go back under the name under which the server sends them.
  let thoughtField: ThoughtField =
    options.kind === 'vllm' || options.kind === 'ollama' ? 'reasoning' : 'reasoning_content';
  const agent = modelAgent();
  /** Of requests that are over: nested runs may ask at the same time. */
  const stores: ByteStore[] = [];
  const countPrompt = promptCounter(endpoint);

  async function attempt(bytes: Buffer, { onPreview, watch }: ModelRequest, signal: AbortSignal) {
    const ending: StreamWatch = { done: false };
    const client = new OpenAI({
      baseURL: endpoint.baseUrl,
      apiKey: endpoint.apiKey ?? 'none',
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      ...(!endpoint.apiKey && { defaultHeaders: { Authorization: null } }),
      fetch: streamingFetch(agent, ending, bytes),
      maxRetries: 0,
      timeout: forever,
      logLevel: 'off',
    });
    const growing = growingReply();
    const reply = await readReply(client, { endpoint, silenceMs, ending, growing, onPreview, watch }, signal);
    thoughtField = growing.thoughtField() ?? thoughtField;
    return reply;
  }

  async function complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const store = stores.pop() ?? byteStore();
    try {
      return await completeWith(store, request, signal);
    } finally {
      stores.push(store);
    }
  }

  async function completeWith(store: ByteStore, request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    let { maxTokens } = request;
    // What this run has seen before, in another process too, goes before a guess.
    thoughtField = thoughtFields.find((field) => field === request.thoughtField) ?? thoughtField;
    let contextWindow: number | undefined;
    for (let tries = 1; ; tries++) {
      signal.throwIfAborted();
      request.onPreview({ kind: 'reading' });
      const dialect = { refused, continuousUsage, thoughtField };
      const bytes = chatBytes(endpoint.model, { ...request, maxTokens }, dialect, store);
      try {
        const reply = await attempt(bytes, request, signal);
        return contextWindow === undefined ? reply : { ...reply, contextWindow };
      } catch (thrown) {
        signal.throwIfAborted();
        const overflow = overflowIn(thrown);
        contextWindow = overflow?.window ?? contextWindow;
        const room = overflow && replyRoom(overflow, maxTokens);
        const unknown = overflow ? [] : refusedParameters(thrown, bytes).filter((name) => !refused.has(name));
        const hopeless = (room === undefined && unknown.length === 0) || tries >= maxTries;
        if (hopeless) throw await explained(thrown, endpoint, maxTokens, signal);
        maxTokens = room ?? maxTokens;
        for (const name of unknown) refused.add(name);
      }
    }
  }

  return {
    name: endpoint.model,
    deterministic: false,
    complete,
    promptTokens: async (request, signal) => {
      const asked = { ...request, mayCall: true, maxTokens: 1 };
      return countPrompt(chatBody(endpoint.model, asked, { refused, continuousUsage, thoughtField }), signal);
    },
  };
}

/** What the client is told of a request whose body goes out as bytes that are ours. */
const sentAsBytes = (model: string): ChatCompletionCreateParamsStreaming => ({ model, messages: [], stream: true });

interface Reading {
  readonly endpoint: Endpoint;
  readonly silenceMs: number;
  readonly ending: StreamWatch;
  readonly growing: GrowingReply;
  readonly onPreview: ModelRequest['onPreview'];
  readonly watch: ModelRequest['watch'];
}

async function readReply(
  client: OpenAI,
  { endpoint, silenceMs, ending, growing, onPreview, watch }: Reading,
  signal: AbortSignal,
): Promise<ModelReply> {
  const ours = new AbortController();
  const silent = () => ours.abort(silenceError(endpoint, silenceMs));
  let timer: NodeJS.Timeout | undefined;
  let stopped: StopReason | undefined;
  try {
    const stream = await client.chat.completions.create(sentAsBytes(endpoint.model), {
      signal: AbortSignal.any([signal, ours.signal]),
    });
    for await (const chunk of stream) {
      const error = errorInPlaceOfChunk(chunk);
      if (error) throw error;
      const delta = growing.add(chunk);
      if (delta) {
        onPreview({ kind: 'delta', content: delta.content, reasoning: delta.reasoning });
        stopped = watch?.(delta);
        // Leaving the loop closes the connection: the server stops generating.
        if (stopped) break;
      }
      if (delta || timer) {
        clearTimeout(timer);
        timer = setTimeout(silent, silenceMs);
      }
    }
  } catch (error) {
    ours.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  signal.throwIfAborted();
  ours.signal.throwIfAborted();
  if (stopped) return { ...growing.reply(), finishReason: null, stopped };
  const complaint = errorInPlaceOfChunk(complaintOf(ending));
  if (complaint) throw complaint;
  if (!growing.begun()) throw notAModelServer(endpoint, 'no reply in its stream');
  if (!growing.finished() && !ending.done) throw brokenStream(endpoint, 'the connection ended before the reply did');
  const reply = growing.reply();
  if (reply.finishReason === 'abort') throw brokenStream(endpoint, 'the server aborted it');
  return reply;
}

/** The parameters that a server's refusal names and that were sent; the least common one where it names none. */
function refusedParameters(thrown: unknown, sent: Buffer): readonly OptionalParameter[] {
  const said = saidBy(thrown);
  if (!said || (said.status !== 400 && said.status !== 422)) return [];
  const named = optionalParameters.filter(
    (name) => new RegExp(`\\b${name}\\b`).test(said.text) && sent.includes(`"${name}":`),
  );
  // It is a member of stream_options, which are named with it.
  if (named.includes('continuous_usage_stats')) return ['continuous_usage_stats'];
  if (named.length > 0) return named;
  const unknown =
    /unknown|unrecogni[sz]ed|unsupported|unexpected|not permitted|not supported|extra (?:fields|inputs|keys)/i;
  return unknown.test(said.message) ? ['repetition_penalty'] : [];
}

/** The error to tell; of a model that is not there, with those that are. */
async function explained(
  thrown: unknown,
  endpoint: Endpoint,
  maxTokens: number,
  signal: AbortSignal,
): Promise<ModelError> {
  const error = modelError(thrown, endpoint, maxTokens);
  if (error.code !== 'notFound') return error;
  const models = await listModels(endpoint.baseUrl, endpoint.apiKey, signal).catch(() => []);
  if (models.length === 0 || models.some(({ id }) => id === endpoint.model)) return error;
  const names = models.slice(0, 20).map(({ id }) => id);
  const advice = `It has ${names.join(', ')}${models.length > names.length ? ', …' : ''}. Set mirothinker.model (option --model) to one of these.`;
  const message = `${endpoint.baseUrl} has no model “${endpoint.model}”. ${advice}`;
  return new ModelError('notFound', message, { retryable: false, cause: thrown });
}
