/** What each kind of model server answers beside chat completions. */
import { isRecord } from '../../src/shared/json.ts';

export type ServerKind = 'vllm' | 'sglang' | 'llama.cpp' | 'ollama' | 'lmstudio' | 'openai';

export interface ServedModel {
  readonly id: string;
  readonly contextWindow?: number;
}

/** The answer to a request of this kind of server by method and path; undefined is a 404. */
export function flavourAnswer(
  kind: ServerKind,
  models: readonly ServedModel[],
  request: string,
  body: Readonly<Record<string, unknown>>,
): unknown {
  const [first] = models;
  if (request === 'GET /v1/models') return { object: 'list', data: models.map((model) => listed(kind, model)) };
  switch (kind) {
    case 'vllm':
      if (request === 'GET /version') return { version: '0.11.0' };
      if (request === 'GET /health') return '';
      if (request === 'POST /tokenize') return tokenized(first, body);
      return undefined;
    case 'sglang':
      if (request === 'POST /tokenize') return tokenized(first, body);
      if (request !== 'GET /get_server_info' && request !== 'GET /get_model_info') return undefined;
      return { model_path: first?.id, context_length: first?.contextWindow, tp_size: 1, version: '0.5.3' };
    case 'llama.cpp':
      if (request === 'POST /apply-template') return { prompt: fakePrompt(body) };
      // A request without `content` is answered with no tokens.
      if (request === 'POST /tokenize') {
        return { tokens: fakeTokens(typeof body['content'] === 'string' ? body['content'] : '') };
      }
      if (request !== 'GET /props') return undefined;
      return {
        default_generation_settings: { n_ctx: first?.contextWindow },
        total_slots: 1,
        model_path: `/models/${first?.id ?? ''}`,
        build_info: 'b6700',
      };
    case 'ollama':
      return ollamaAnswer(models, request, body);
    case 'lmstudio':
      if (request !== 'GET /api/v0/models') return undefined;
      return {
        object: 'list',
        data: models.map((model) => ({
          id: model.id,
          object: 'model',
          type: 'llm',
          state: 'loaded',
          max_context_length: 262144,
          loaded_context_length: model.contextWindow,
        })),
      };
    case 'openai':
      return undefined;
  }
}

/** A chat template of its own: the tools, then each message in its role's frame. */
function fakePrompt(body: Readonly<Record<string, unknown>>): string {
  const messages: readonly unknown[] = Array.isArray(body['messages']) ? body['messages'] : [];
  const framed = messages.flatMap((message) =>
    isRecord(message) ? [`<|im_start|> ${String(message['role'])} ${JSON.stringify(message)} <|im_end|>`] : [],
  );
  const open = body['add_generation_prompt'] === false ? [] : ['<|im_start|> assistant'];
  return [JSON.stringify(body['tools'] ?? ''), ...framed, ...open].join(' ');
}

/** One token a word. */
function fakeTokens(text: string): readonly number[] {
  return text.split(/\s+/).flatMap((word, index) => (word === '' ? [] : [index]));
}

/** The tokens that the fakes with a tokenizer make of a chat request's prompt. */
export function fakePromptTokens(body: Readonly<Record<string, unknown>>): number {
  return fakeTokens(fakePrompt(body)).length;
}

/** vLLM and SGLang count both a text and a chat. */
function tokenized(
  model: ServedModel | undefined,
  body: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const tokens = fakeTokens(typeof body['prompt'] === 'string' ? body['prompt'] : fakePrompt(body));
  return { count: tokens.length, max_model_len: model?.contextWindow, tokens };
}

function listed(kind: ServerKind, { id, contextWindow }: ServedModel): Readonly<Record<string, unknown>> {
  const entry = { id, object: 'model', created: 1_760_000_000, owned_by: kind === 'ollama' ? 'library' : kind };
  const knows = kind === 'vllm' || kind === 'sglang';
  return knows && contextWindow !== undefined ? { ...entry, max_model_len: contextWindow } : entry;
}

/** The trained length stands in /api/show; what is served is in /api/ps. */
function ollamaAnswer(
  models: readonly ServedModel[],
  request: string,
  body: Readonly<Record<string, unknown>>,
): unknown {
  if (request === 'GET /') return 'Ollama is running';
  if (request === 'GET /api/version') return { version: '0.12.3' };
  if (request === 'GET /api/tags') return { models: models.map(({ id }) => ({ name: id, model: id, size: 1 })) };
  if (request === 'GET /api/ps') {
    const loaded = models.filter((model) => model.contextWindow !== undefined);
    return {
      models: loaded.map(({ id, contextWindow }) => ({ name: id, model: id, context_length: contextWindow })),
    };
  }
  const asked = models.find((model) => model.id === body['model'] || model.id === body['name']);
  if (request !== 'POST /api/show' || !asked) return undefined;
  return { model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 262144 }, parameters: '' };
}
