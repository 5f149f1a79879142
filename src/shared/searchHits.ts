/** Hits of a search, read from its observation, so that each can be opened. */

export interface SearchHit {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** Lines that are no hit: remarks, or "no match". */
  readonly remarks: readonly string[];
}

/** Reads `path:line:text` lines, and ripgrep's headed form (a path, then `line:text`). */
export function parseHits(content: string): SearchResult {
  const hits: SearchHit[] = [];
  const remarks: string[] = [];
  let heading: string | undefined;
  const lines = content.split('\n');
  for (const [index, line] of lines.entries()) {
    const headed = heading === undefined ? null : /^\s*(\d+)[:|]\s?(.*)$/.exec(line);
    const plain = /^(?!\s)([^\n]{1,1024}?):(\d+)(?::\d+)?:\s?(.*)$/.exec(line);
    if (headed && heading !== undefined) hits.push({ path: heading, line: Number(headed[1]), text: headed[2] ?? '' });
    else if (plain?.[1] !== undefined) hits.push({ path: plain[1], line: Number(plain[2]), text: plain[3] ?? '' });
    else if (line.trim() === '') heading = undefined;
    else if (/^\s*\d+[:|]/.test(lines[index + 1] ?? '') && /^\S.*\S$/.test(line)) heading = line;
    else remarks.push(line);
  }
  const paths = new Set(hits.map(({ path }) => path));
  return { hits, remarks: remarks.filter((line) => !isContext(line, paths)) };
}

/** `path-line- text` beside the hits of that path, or what stands between such lines. */
function isContext(line: string, paths: ReadonlySet<string>): boolean {
  if (line === '--') return true;
  return Array.from(line.matchAll(/-\d+-(?: |$)/g)).some(({ index }) => paths.has(line.slice(0, index)));
}
