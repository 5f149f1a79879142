/** From a person's choice to a model that can be asked. */
import type { Model } from '../agent/ports.ts';
import type { ToolFormat } from '../shared/runSettings.ts';
import { normalBaseUrl } from '../model/baseUrl.ts';
import { openAiModel } from '../model/client.ts';
import { embeddedReader } from '../model/embedded/reader.ts';
import { probe } from '../model/probe.ts';
import { defaultBaseUrl, defaultContextWindow, embeddedModel, type RunChoice } from './choice.ts';

/** A model, and what is logged of it. */
export interface Endpoint {
  readonly model: Model;
  readonly baseUrl: string;
  readonly toolFormat: ToolFormat;
  /** In tokens. */
  readonly contextWindow: number;
}

/**
 * Finds the model: the named one, the embedded reader, or the first that the server lists. A server that does not answer
 * is no error here: the run says so when it asks.
 */
export async function findEndpoint(
  choice: RunChoice,
  apiKey: string | undefined,
  signal: AbortSignal,
): Promise<Endpoint> {
  if (choice.model === embeddedModel) {
    return {
      model: embeddedReader,
      baseUrl: '',
      toolFormat: 'mcp-xml',
      contextWindow: choice.contextWindow || defaultContextWindow,
    };
  }
  const baseUrl = normalBaseUrl(choice.baseUrl || defaultBaseUrl);
  const server = await probe(baseUrl, apiKey, signal).catch(() => undefined);
  signal.throwIfAborted();
  // Ollama lists `name:latest` for what people call `name`.
  const names = [choice.model, `${choice.model}:latest`];
  const listed = choice.model ? server?.models.find(({ id }) => names.includes(id)) : server?.models[0];
  const name = choice.model || listed?.id || '';
  return {
    model: openAiModel({ baseUrl, model: name, apiKey, kind: server?.kind }),
    baseUrl,
    toolFormat: toolFormatFor(formatOverride(choice.toolFormats ?? {}, name) ?? choice.toolFormat ?? 'auto', name),
    contextWindow: choice.contextWindow || listed?.contextWindow || defaultContextWindow,
  };
}

/**
 * What a person chose for this model alone. A pattern with `*` stands for the whole name, one without for a part of it; case
 * counts for nothing. The longest pattern that fits decides.
 */
export function formatOverride(
  formats: Readonly<Record<string, ToolFormat | 'auto'>>,
  model: string,
): ToolFormat | 'auto' | undefined {
  const name = model.toLowerCase();
  const fits = (pattern: string) => {
    const [first = '', ...rest] = pattern.toLowerCase().split('*');
    return rest.length === 0 ? first !== '' && name.includes(first) : globFits(name, first, rest);
  };
  const fitting = Object.entries(formats).filter(([pattern]) => fits(pattern));
  return fitting.toSorted(([a], [b]) => b.length - a.length)[0]?.[1];
}

/** Whether a name is these parts in order, with anything between them. */
function globFits(name: string, first: string, rest: readonly string[]): boolean {
  const last = rest.at(-1) ?? '';
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= name.length;
}

/** Models that were trained on native calls and do worse with calls as text. */
const nativeModels = /\b(?:gpt|o\d|claude|gemini|llama|mistral|qwen3?|glm|kimi|deepseek|command-r)\b/i;

/** The format that a model speaks: calls as text, unless its name is one of those known to want native calls. */
function toolFormatFor(chosen: ToolFormat | 'auto', model: string): ToolFormat {
  if (chosen !== 'auto') return chosen;
  return nativeModels.test(model) && !/miro/i.test(model) ? 'native' : 'mcp-xml';
}
