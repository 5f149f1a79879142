/** What we say of ourselves, and which headers somebody else may add. */

/** Names us as the makers of the web ask for: who, and on whose behalf. `MiroThinker` is the word for robots.txt. */
export const userAgent = 'Mozilla/5.0 (compatible; MiroThinker; research agent, reads single pages for a person)';
export const robotsName = 'MiroThinker';

/** The headers of every request. */
export const ownHeaders = {
  'user-agent': userAgent,
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.8',
  'accept-language': 'en,*;q=0.5',
  'accept-encoding': 'gzip, deflate, br, zstd',
} as const;

/** Somebody's headers, sorted into those that are sent and the names of those that are not. */
export interface SortedHeaders {
  readonly sent: Readonly<Record<string, string>>;
  readonly leftOut: readonly string[];
}

/** Who one is, where a request goes and how it is carried are not for others to say. */
export function sortHeaders(headers: Readonly<Record<string, string>>): SortedHeaders {
  const sent: Record<string, string> = {};
  const leftOut: string[] = [];
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    const plain = name.trim().toLowerCase();
    bytes += plain.length + value.length;
    if (
      !/^[\w!#$%&'*+.^`|~-]+$/.test(plain) ||
      !/^[\t\x20-\x7e\xa0-\xff]*$/.test(value) ||
      never.test(plain) ||
      bytes > 8_000
    ) {
      leftOut.push(name);
    } else sent[plain] = value;
  }
  return { sent, leftOut };
}

/** Among them what cloud metadata services want before they answer. */
const never =
  /^(cookie2?|set-cookie2?|.*authori[sz]ation|.*authenticate|x-(api|auth)-.*|.*-token|host|:.*|proxy-.*|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-.*|accept-encoding|range|if-.*|user-agent|via|forwarded|x-forwarded-.*|x-real-ip|x-original-.*|x-rewrite-url|x-http-method.*|metadata(-flavor)?|x-.*metadata.*|origin|sec-.*)$/;
