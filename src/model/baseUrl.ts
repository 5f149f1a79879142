/** The address of a model server, as people write it → as requests need it. */
import { UserError } from '../agent/errors.ts';

/**
 * `127.0.0.1:8000`, `http://host:8000/`, `http://host/v1/chat/completions` → `http://host:8000/v1`, without a slash at the
 * end. A path that is there stays. Throws UserError for what is no address.
 */
export function normalBaseUrl(text: string): string {
  const trimmed = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  const url = URL.parse(withScheme);
  if (!url?.hostname || !['http:', 'https:'].includes(url.protocol)) {
    throw new UserError(
      `“${trimmed}” is not the address of a model server. Give one like http://127.0.0.1:8000/v1 (setting mirothinker.baseUrl, option --base-url).`,
    );
  }
  if (url.username || url.password) {
    throw new UserError(
      'The address of the model server holds a name or a password. Leave them out and store the key with “MiroThinker: Set the API Key” (or MIROTHINKER_API_KEY).',
    );
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(chat\/completions|completions|models)$/, '');
  return `${url.protocol}//${url.host}${path || '/v1'}`;
}

/** The server's root, where what is not OpenAI's stands: the base URL without `/v1`. */
export function serverRoot(baseUrl: string): string {
  return baseUrl.replace(/\/v\d+$/, '');
}
