/** Addresses of hits: readable as they are shown, and in the normal form in which two are the same. */

/** Parameters that say where a visitor came from and nothing about the page. */
const tracking =
  /^(?:utm_\w+|gclid|gclsrc|gbraid|wbraid|dclid|fbclid|msclkid|yclid|twclid|ttclid|igshid|mc_[ce]id|_hs(?:enc|mi)|mkt_tok|srsltid|ref_src|vero_id|oly_(?:anon|enc)_id|spm)$/i;

/**
 * The address as people write it: letters beyond ASCII are decoded, and nothing else, so that it leads to the same place.
 * Characters that cannot be seen stay encoded. Undefined for what is no web address.
 */
export function readableAddress(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  return url.href.replace(/(?:%[89a-f][\da-f])+/gi, (encoded) => {
    try {
      const decoded = decodeURIComponent(encoded);
      return /[\p{C}\p{Z}]/u.test(decoded) ? encoded : decoded;
    } catch {
      return encoded;
    }
  });
}

/** Equal for addresses of one page: http and https, a last slash, fragments, the order of parameters and tracking ones aside. */
export function sameAddress(text: string): string {
  const url = URL.parse(text);
  if (!url) return text;
  const kept = [...url.searchParams].filter(([name]) => !tracking.test(name)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const query = new URLSearchParams(kept).toString();
  // Such a fragment names a page of its own.
  const fragment = url.hash.startsWith('#!') ? url.hash : '';
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.host}${path}${query === '' ? '' : `?${query}`}${fragment}`;
}
