/** How each kind of model server is known, and where it says how large its window is (servers.md). */
import { z } from 'zod';

export type ServerKind = 'vllm' | 'sglang' | 'llama.cpp' | 'ollama' | 'lmstudio' | 'openai';

/** A model that a server offers; the window, in tokens, is what is served, not what the model could. */
export interface ServedModel {
  readonly id: string;
  readonly contextWindow?: number;
}

/** Asks the server at its root; undefined for what is not there or no JSON. */
interface Asking {
  readonly json: (path: string, body?: unknown) => Promise<unknown>;
}

/** One kind. `known` is what recognising it brought. */
interface Flavour {
  readonly kind: ServerKind;
  readonly recognise: (asking: Asking) => Promise<unknown>;
  readonly describe: (
    models: readonly ServedModel[],
    known: unknown,
    asking: Asking,
  ) => Promise<readonly ServedModel[]>;
}

/** The answer to a question when it has the shape. */
async function shaped<T>(answer: Promise<unknown>, schema: z.ZodType<T>): Promise<T | undefined> {
  const result = schema.safeParse(await answer);
  return result.success ? result.data : undefined;
}

const tokens = z.number().int().positive();
const windowed = (models: readonly ServedModel[], contextWindow: number | null | undefined): readonly ServedModel[] =>
  models.map((model) => (contextWindow ? { contextWindow, ...model } : model));

/** What Ollama serves when nobody set num_ctx. */
const ollamaDefault = 4_096;
const ollamaTags = z.object({ models: z.array(z.object({ name: z.string() })) });
const ollamaRunning = z.object({
  models: z.array(z.object({ name: z.string(), context_length: tokens.nullish().catch(undefined) })),
});
const ollamaShown = z.object({ parameters: z.string().nullish() });

const studioModels = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      type: z.string().nullish(),
      state: z.string(),
      loaded_context_length: tokens.nullish().catch(undefined),
    }),
  ),
});

const sglangInfo = z
  .object({ context_length: tokens.nullish().catch(undefined), max_total_num_tokens: z.unknown().optional() })
  .refine((info) => 'context_length' in info || 'max_total_num_tokens' in info);
const llamaProps = z.object({ default_generation_settings: z.object({ n_ctx: tokens.nullish().catch(undefined) }) });

/** The first that recognises a server counts. */
export const flavours: readonly Flavour[] = [
  {
    kind: 'ollama',
    recognise: (asking) => shaped(asking.json('/api/tags'), ollamaTags),
    describe: async (models, _known, asking) => {
      const running = await shaped(asking.json('/api/ps'), ollamaRunning);
      return Promise.all(
        models.map(async ({ id }) => {
          const loaded = running?.models.find(({ name }) => name === id)?.context_length;
          const shown = loaded ? undefined : await shaped(asking.json('/api/show', { model: id }), ollamaShown);
          const set = /^num_ctx\s+(\d+)/m.exec(shown?.parameters ?? '')?.[1];
          return { id, contextWindow: loaded ?? (set === undefined ? ollamaDefault : Number(set)) };
        }),
      );
    },
  },
  {
    kind: 'lmstudio',
    recognise: (asking) => shaped(asking.json('/api/v0/models'), studioModels),
    describe: async (models, known) => {
      const { data } = studioModels.parse(known);
      const chat = data.filter(({ type }) => type !== 'embeddings');
      const loaded = [
        ...chat.filter(({ state }) => state === 'loaded'),
        ...chat.filter(({ state }) => state !== 'loaded'),
      ];
      const listed = loaded.filter(({ id }) => models.some((model) => model.id === id));
      return listed.map(({ id, loaded_context_length: contextWindow }) => ({
        id,
        ...(contextWindow && { contextWindow }),
      }));
    },
  },
  {
    kind: 'llama.cpp',
    recognise: (asking) => shaped(asking.json('/props'), llamaProps),
    describe: async (models, known) => windowed(models, llamaProps.parse(known).default_generation_settings.n_ctx),
  },
  {
    kind: 'sglang',
    recognise: (asking) => shaped(asking.json('/get_server_info'), sglangInfo),
    describe: async (models, known) => windowed(models, sglangInfo.parse(known).context_length),
  },
  {
    kind: 'vllm',
    recognise: (asking) => shaped(asking.json('/version'), z.object({ version: z.string() })),
    describe: async (models) => models,
  },
];
