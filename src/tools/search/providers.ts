/** From a configured provider to one that can be asked. */
import type { SearchChoice, SearchProviderName } from '../../shared/webSettings.ts';
import type { Asker } from './ask.ts';
import { brave } from './brave.ts';
import { kiwix } from './kiwix.ts';
import type { SearchProvider } from './provider.ts';
import { searxng } from './searxng.ts';
import { serper } from './serper.ts';
import { tavily } from './tavily.ts';

/** What a provider lacks before it can be asked; undefined: nothing. */
export function lackOf({ provider, url }: SearchChoice, key: string | undefined): 'address' | 'key' | undefined {
  if (provider === 'searxng' || provider === 'kiwix') return url === undefined || !isWeb(url) ? 'address' : undefined;
  return key === undefined ? 'key' : undefined;
}

/** A provider that can be asked; undefined where it lacks something. `url` takes the place of a service's own address. */
export function makeProvider(choice: SearchChoice, key: string | undefined, asker: Asker): SearchProvider | undefined {
  const { provider, url } = choice;
  if (lackOf(choice, key) !== undefined) return undefined;
  const own = url !== undefined && isWeb(url) ? url : undefined;
  if (provider === 'searxng') return searxng(asker, url ?? '', key);
  if (provider === 'kiwix') return kiwix(asker, url ?? '');
  return services[provider](asker, key ?? '', own);
}

const services = { serper, brave, tavily } as const satisfies Partial<Record<SearchProviderName, unknown>>;

function isWeb(url: string): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '');
}
