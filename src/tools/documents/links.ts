/** The addresses that a document links to. */

/** What is kept of them at most. */
const maxLinks = 5000;

/** An address made absolute, without its fragment; undefined where it is none of the web. */
export function absoluteLink(href: string, base: string | undefined): string | undefined {
  const address = href.trim();
  if (address === '' || address.startsWith('#')) return undefined;
  const url = URL.parse(address, base);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined;
  return url.href;
}

/** Each once, without fragments, in order, and not too many. */
export function uniqueLinks(links: Iterable<string>): readonly string[] {
  const found = new Set<string>();
  for (const link of links) {
    if (found.size >= maxLinks) break;
    found.add(link.replace(/#.*$/s, ''));
  }
  return [...found];
}

/** Addresses that stand in a text. */
export function linksIn(text: string): readonly string[] {
  const found = text.match(/https?:\/\/[^\s<>"'`\\^{}|\]]{3,2000}/g) ?? [];
  return uniqueLinks(found.map(trimmed).filter((link) => URL.canParse(link)));
}

/** Punctuation behind an address, and a bracket that was not opened in it, are not its own. */
function trimmed(link: string): string {
  const bare = link.replace(/[.,;:!?*_]+$/, '');
  return bare.endsWith(')') && !bare.includes('(') ? trimmed(bare.slice(0, -1)) : bare;
}
