/** What finding things out needs of this window: keys, helpers and the cache. */
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { HelperEndpoint, WebSurroundings } from '../runs/surroundings.ts';
import { searchProviderSchema } from '../shared/webSettings.ts';
import { dataFolder } from '../store/folders.ts';
import { setting } from './settings.ts';

/** A search key's name in the secret storage. */
export function searchKeySecret(provider: string): string {
  return `mirothinker.searchKey.${provider}`;
}

/** `apiKey`: the model server's, which the helpers on it share. */
export async function webSurroundings(
  secrets: vscode.SecretStorage,
  apiKey: string | undefined,
): Promise<WebSurroundings> {
  const keys = await Promise.all(
    searchProviderSchema.options.map(async (name) => [name, await secrets.get(searchKeySecret(name))] as const),
  );
  const helper = (name: 'vision' | 'speech'): HelperEndpoint | undefined => {
    const model = setting(`${name}.model`);
    return model === '' ? undefined : { baseUrl: setting(`${name}.baseUrl`), model, apiKey };
  };
  const [maxMB, maxDays] = [setting('web.cacheMB'), setting('web.cacheDays')];
  return {
    searchKeys: Object.fromEntries(keys.filter(([, key]) => key)),
    cache:
      maxMB === 0 || maxDays === 0
        ? undefined
        : {
            folder: join(dataFolder(process.env), 'mirothinker', 'pages'),
            maxBytes: maxMB * 1e6,
            maxAgeMs: maxDays * 24 * 3_600_000,
          },
    browserPath: setting('web.browserPath') || undefined,
    extractionKey: apiKey,
    vision: helper('vision'),
    speech: helper('speech'),
  };
}
