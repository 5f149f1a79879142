/** Web addresses in normal form, and where they stand in texts. */

/**
 * The normal form of a web address, without its scheme and fragment: spellings of one address are equal, and what differs in
 * anything that a server could read is not. Undefined for what is no plain http or https address.
 */
export function normalAddress(address: string): string | undefined {
  const url = URL.parse(address.trim());
  if ((url?.protocol !== 'http:' && url?.protocol !== 'https:') || url.username !== '' || url.password !== '') {
    return undefined;
  }
  const path = decodedAddress(url.pathname).replace(/\/+$/, '');
  return `${url.hostname.replace(/\.$/, '')}${url.port && `:${url.port}`}${path}${decodedAddress(url.search)}`;
}

/** The addresses that stand in a text, with their scheme, each also without the punctuation that may belong to its sentence. */
export function addressesIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/https?:\/\/[^\s<>"`]+/gi)).flatMap(([found]) => withoutPunctuation(found));
}

/** The addresses that a Markdown text links to; one that only stands there is no link. */
export function linksInMarkdown(text: string): readonly string[] {
  return Array.from(text.matchAll(/(?:\]\(<?|\]:\s<?|<)(https?:\/\/[^\s<>"`]+)/gi)).flatMap(([, found = '']) =>
    withoutPunctuation(found),
  );
}

/** Names of hosts, and servers by their number or of this machine, that stand in a text without a scheme, with their paths. */
export function namedHosts(text: string): readonly string[] {
  const names = text.matchAll(/(?<![\p{L}\p{N}@/.:-])(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?:\/[^\s<>"`]*)?/gu);
  const servers = text.matchAll(
    /(?<![\p{L}\p{N}@/.:-])(?:localhost:\d{1,5}|(?:(?:\d{1,3}\.){3}\d{1,3}|\[[\da-f:.]*:[\da-f:.]*\])(?::\d{1,5})?)(?![\p{L}\p{N}])(?:\/[^\s<>"`]*)?/giu,
  );
  return [
    ...Array.from(names).flatMap(([found]) => withoutPunctuation(`https://${found}`)),
    ...Array.from(servers).flatMap(([found]) => withoutPunctuation(`http://${found}`)),
  ];
}

/** What was found, and each shorter form of it without the last marks: nobody can tell which of them are its sentence's. */
function withoutPunctuation(found: string): readonly string[] {
  const marks = /[.,;:!?'"»”’…*_)\]}>]{0,8}$/.exec(found)?.[0].length ?? 0;
  return Array.from({ length: marks + 1 }, (_, left) => found.slice(0, found.length - left));
}

/** Encoded letters are the same as the letters; what has a meaning in an address stays encoded. */
function decodedAddress(part: string): string {
  try {
    return decodeURI(part);
  } catch {
    return part;
  }
}
