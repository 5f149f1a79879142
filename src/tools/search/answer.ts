/** What the model reads of a search: JSON as google_search gives it, each hit with its place in it. */
import type { FoundSource, ToolOutput } from '../../agent/tool.ts';
import type { SearchHit, SearchQuery } from './provider.ts';
import type { SearchResult } from './search.ts';

/** {organic, searchParameters} (agent-protocol: tools), and `notes` where there is something to say. */
export function searchOutput(query: SearchQuery, result: SearchResult, retrievedAt: number): ToolOutput {
  const { hits, notes, provider, asked } = result;
  const { q: _q, timeRange: _range, ...given } = query;
  const searchParameters = { q: asked, ...given, type: 'search', engine: provider.name };
  const organic = hits.map((hit) => JSON.stringify(ordered(hit)));
  const rest = JSON.stringify({ searchParameters }).slice(1);
  // First: what a reader has to know of the results is there also where the last of them are cut off.
  const opening = `{${notes.length > 0 ? `"notes":${JSON.stringify(notes)},` : ''}"organic":[`;
  const content = `${opening}${organic.join(',')}],${rest}`;
  let at = opening.length;
  const sources: FoundSource[] = [];
  for (const [index, hit] of hits.entries()) {
    const json = organic[index] ?? '';
    sources.push(sourceOf(hit, json, at, retrievedAt));
    at += json.length + 1;
  }
  const rollback =
    hits.length > 0 || result.blocked > 0 ? {} : { rollback: `${provider.label} found nothing for ${asked}.` };
  return { content, sources, ...rollback };
}

function ordered({ title, link, snippet, date, position }: SearchHit) {
  return { title, link, snippet, ...(date !== undefined && { date }), position };
}

/** A snippet that JSON writes as it is stands in the call's content; another one is kept as a text of its own. */
function sourceOf(hit: SearchHit, json: string, at: number, retrievedAt: number): FoundSource {
  const { link, title, snippet, date } = hit;
  const known = { uri: link, title, kind: 'hit' as const, retrievedAt, ...(date !== undefined && { published: date }) };
  const before = '"snippet":"';
  const from = json.indexOf(before) + before.length;
  if (snippet === '' || JSON.stringify(snippet) !== `"${snippet}"` || !json.startsWith(snippet, from))
    return { ...known, spans: [], text: `${title}\n${snippet}` };
  return { ...known, spans: [{ from: at + from, to: at + from + snippet.length }] };
}
