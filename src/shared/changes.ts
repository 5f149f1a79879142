/** What is different when a run goes on. */
import { rulesWords } from './envelopeWords.ts';
import type { RunSettings } from './runSettings.ts';

/** What a run goes on with. */
interface GoingOn {
  readonly model: string;
  readonly baseUrl: string;
  readonly toolFormat: string;
  readonly settings?: RunSettings;
}

/** The differences in words, `name: value`; empty when all is as it was. */
export function changesOf(before: GoingOn, after: GoingOn): readonly string[] {
  const then = new Map(Object.entries(flat(before)));
  return Object.entries(flat(after))
    .filter(([name, value]) => then.get(name) !== value)
    .map(([name, value]) => `${name}: ${value}`);
}

function flat({ model, baseUrl, toolFormat, settings }: GoingOn): Readonly<Record<string, string>> {
  const texts: Record<string, string> = { model, server: baseUrl, 'tool calls': toolFormat };
  if (!settings) return texts;
  const { envelope, domains, ...others } = settings;
  for (const [name, value] of Object.entries(others)) {
    const parts = typeof value === 'object' ? Object.entries(value).map(([key, one]) => `${key} ${String(one)}`) : [];
    texts[name] = typeof value === 'object' ? parts.join(', ') || 'none' : String(value);
  }
  return {
    ...texts,
    rules: rulesWords(envelope) || 'none',
    domains: domains.join(', ') || 'none',
    'narrowed by the repository': envelope.repository?.words.join('; ') || 'no',
  };
}
