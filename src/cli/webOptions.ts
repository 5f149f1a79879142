/** The options about search, pages and the models that help with them. */
import { UserError } from '../agent/errors.ts';
import type { RunChoice } from '../runs/choice.ts';
import { evaluationBlocked, searchServers } from '../runs/webChoice.ts';
import type { HelperEndpoint, WebSurroundings } from '../runs/surroundings.ts';
import type { SearchProviderName, WebSettings } from '../shared/webSettings.ts';
import { dataFolder } from '../store/folders.ts';
import { join } from 'node:path';
import type { Values } from './options.ts';

/** What the options choose; what was not named is absent. */
export function webOf(values: Values): Pick<RunChoice, 'web'> {
  const { speculative, render } = values;
  const blocked = [...values['block-domain'], ...(values.evaluating ? evaluationBlocked : [])];
  const extraction = endpointOf(values['extract-base-url'] ?? values['base-url'], values['extract-model']);
  const web: Partial<WebSettings> = {
    ...(values.search && { search: searchServers(values.search, values['search-url']) }),
    ...(values.web && { pages: 'on' as const }),
    ...(values['no-web'] && { pages: 'off' as const }),
    ...(blocked.length > 0 && { blocked }),
    ...(values['trust-domain'] && { trusted: values['trust-domain'] }),
    ...(values['allow-loopback'] !== undefined && { allowLoopback: values['allow-loopback'] }),
    ...(values['ignore-robots'] !== undefined && { robots: !values['ignore-robots'] }),
    ...(render !== undefined && { render }),
    ...(speculative !== undefined && { speculative }),
    ...(extraction && { extraction }),
  };
  return Object.keys(web).length > 0 ? { web } : {};
}

/** Why these options make no sense together; undefined when they do. */
export function webContradiction(values: Values): string | undefined {
  const { search = [] } = values;
  const urls = values['search-url'];
  if (urls.length > search.length) return '--search-url belongs to a --search: name one for each.';
  const twice = search.find((name, index) => search.indexOf(name) !== index);
  if (twice !== undefined) return `--search ${twice} was given twice.`;
  const lacking = searchServers(search, urls).find(
    ({ provider, url }) => (provider === 'searxng' || provider === 'kiwix') && url === undefined,
  );
  if (lacking) return `--search ${lacking.provider} needs the address of its server: --search-url URL.`;
  if (values.web && values['no-web']) return '--web and --no-web contradict each other.';
  for (const helper of ['extract', 'vision', 'speech'] as const) {
    if (values[`${helper}-base-url`] !== undefined && values[`${helper}-model`] === undefined)
      return `--${helper}-base-url needs a --${helper}-model.`;
  }
  return undefined;
}

/**
 * What surrounds finding things out: keys from the environment, helpers and the cache. Throws UserError where a service is
 * named whose key is not there.
 */
export function webSurroundings(values: Values, env: NodeJS.ProcessEnv): WebSurroundings {
  const keys = searchKeys(values.search ?? [], env);
  const keyless = values.search?.find((name) => isService(name) && keys[name] === undefined);
  if (keyless !== undefined) {
    const variable =
      keyless === values.search?.find(isService) ? keyVariable : `${keyVariable}_${keyless.toUpperCase()}`;
    throw new UserError(`--search ${keyless} needs a key: put it into ${variable}.`);
  }
  const helper = (name: 'vision' | 'speech'): HelperEndpoint | undefined => {
    const endpoint = endpointOf(values[`${name}-base-url`] ?? values['base-url'], values[`${name}-model`]);
    return endpoint && { ...endpoint, apiKey: helperKey(env, name) };
  };
  return {
    searchKeys: keys,
    cache: values['no-cache']
      ? undefined
      : { folder: join(dataFolder(env), 'mirothinker', 'pages'), maxBytes: 500e6, maxAgeMs: 7 * 24 * 3_600_000 },
    browserPath: undefined,
    extractionKey: helperKey(env, 'extract'),
    vision: helper('vision'),
    speech: helper('speech'),
  };
}

function isService(name: SearchProviderName): boolean {
  return name !== 'searxng' && name !== 'kiwix';
}

const keyVariable = 'MIROTHINKER_SEARCH_KEY';

/**
 * MIROTHINKER_SEARCH_KEY is the first service's; the others have their name behind it: MIROTHINKER_SEARCH_KEY_BRAVE. A server
 * that needs none gets a service's key never, only one that bears its name.
 */
function searchKeys(names: readonly SearchProviderName[], env: NodeJS.ProcessEnv): WebSurroundings['searchKeys'] {
  const keyed = (['searxng', 'serper', 'brave', 'tavily', 'kiwix'] as const).flatMap((name) => {
    const first = isService(name) && (name === names.find(isService) || names.length === 0);
    const key = env[`${keyVariable}_${name.toUpperCase()}`] || (first ? env[keyVariable] : undefined);
    return key ? [[name, key] as const] : [];
  });
  return Object.fromEntries(keyed);
}

function helperKey(env: NodeJS.ProcessEnv, name: 'extract' | 'vision' | 'speech'): string | undefined {
  return env[`MIROTHINKER_${name.toUpperCase()}_KEY`] || env['MIROTHINKER_API_KEY'] || undefined;
}

function endpointOf(baseUrl: string | undefined, model: string | undefined) {
  return model === undefined ? undefined : { baseUrl: baseUrl ?? '', model };
}
