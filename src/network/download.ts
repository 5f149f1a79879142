/** A file of the internet, fetched by us under a sandbox's network rules. */
import { request, type Dispatcher } from 'undici';
import { ToolError, messageOf } from '../agent/errors.ts';
import { formatBytes } from '../shared/quantities.ts';
import { pinnedAgent } from './pinned.ts';
import { Refusal, type NetworkRules } from './rules.ts';

/** A file that is being fetched. */
export interface Download {
  /** The address that it was found at, behind all redirects. */
  readonly url: string;
  /** A plain file name, as the server or the address says it. */
  readonly name: string;
  readonly type: string;
  /** Its bytes as they come. Throws ToolError when it is too large or breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets it go, read or not. */
  readonly close: () => Promise<void>;
}

const maxRedirects = 5;
const maxBytes = 500_000_000;
const patience = { connectMs: 10_000, headersMs: 60_000, idleMs: 60_000 };

/** Begins to fetch. Every hop is checked, and connected to at the address that was checked. Throws ToolError. */
export async function download(address: string, rules: NetworkRules, signal: AbortSignal): Promise<Download> {
  let url = webAddress(address);
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const { response, close } = await fetchOnce(url, rules, signal);
    const { statusCode, headers } = response;
    const location = [headers['location']].flat()[0];
    if (statusCode >= 300 && statusCode < 400 && location !== undefined) {
      await close();
      url = webAddress(location, url);
      continue;
    }
    if (statusCode !== 200) {
      await close();
      throw new ToolError(`${url.href} answered with HTTP status ${statusCode}.`);
    }
    const length = Number(headers['content-length']);
    if (length > maxBytes) {
      await close();
      throw new ToolError(`${url.href} has ${formatBytes(length)}; up to ${formatBytes(maxBytes)} are fetched.`);
    }
    const type = String(headers['content-type'] ?? 'unknown');
    const name = fileName(String(headers['content-disposition'] ?? ''), url);
    return { url: url.href, name, type, body: limited(response.body, url, signal), close };
  }
  throw new ToolError(`${address} leads from one address to the next, more than ${maxRedirects} times.`);
}

async function fetchOnce(url: URL, rules: NetworkRules, signal: AbortSignal) {
  const dispatcher = await pinnedAgent(url, rules, patience).catch((error: unknown) => {
    throw error instanceof Refusal ? new ToolError(error.message) : error;
  });
  const close = () => dispatcher.destroy();
  try {
    const headers = { 'user-agent': 'MiroThinker', accept: '*/*' };
    return { response: await request(url, { dispatcher, headers, signal }), close };
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw new ToolError(`${url.href} could not be fetched: ${messageOf(error)}.`);
  }
}

async function* limited(body: Dispatcher.ResponseData['body'], url: URL, signal: AbortSignal) {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > maxBytes) break;
      yield part;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new ToolError(`${url.href} broke off after ${formatBytes(bytes)}: ${messageOf(error)}.`);
  }
  if (bytes > maxBytes)
    throw new ToolError(`${url.href} has more than ${formatBytes(maxBytes)}, which is not fetched.`);
}

function webAddress(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new ToolError(`${text} is no web address: it begins with http:// or https://.`);
  }
  if (url.username || url.password) throw new ToolError('An address with a user or a password in it is not fetched.');
  return url;
}

/** Only a name: what a server says cannot lead elsewhere. */
function fileName(disposition: string, url: URL): string {
  const said = /filename\*?=(?:UTF-8'')?"?([^";]+)/i.exec(disposition)?.[1];
  const last = said ?? url.pathname.split('/').findLast((part) => part !== '') ?? '';
  const plain = decoded(last)
    .replace(/[/\\\p{Cc}]/gu, '_')
    .replace(/^\.+/, '')
    .slice(0, 100);
  return plain === '' ? 'download' : plain;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
