/** A run's answer as one HTML file: nothing is loaded, nothing runs, and it prints well. */
import MarkdownIt from 'markdown-it';
import { numberBracket, parseNumbers, parsePlaces } from '../shared/citations.ts';
import { checkWords, isWebAddress, placeOf, stateWords } from '../shared/shownSources.ts';
import { showControls } from '../shared/visibleText.ts';
import { dayOf, oneLine, titleOf, withUncited, type Report, type ReportSource } from './reportSource.ts';
import { reportStyle } from './htmlStyle.ts';

/** The report. All foreign text is escaped; of links only those to the web are kept. */
export function toHtml(report: Report): string {
  const { question, answer, sources, model, runId, at } = report;
  const title = escape(oneLine(question.split('\n', 1)[0] ?? '') || 'Report');
  const words = checkWords(answer);
  const boxed =
    answer.boxed && answer.boxed !== answer.text ? `<p class="boxed">${escape(showControls(answer.boxed))}</p>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${boxed}
<article>
${rendered({ body: withUncited(report, uncited), sources })}
</article>
${sources.length > 0 ? `<section aria-label="Sources">\n<h2>Sources</h2>\n${words ? `<p class="about">${escape(words)}</p>\n` : ''}<ol>\n${sources.map(entry).join('\n')}\n</ol>\n</section>` : words ? `<p class="about">${escape(words)}</p>` : ''}
<footer>${escape(`${oneLine(model)}, run ${runId}, ${dayOf(at)}`)}</footer>
</main>
</body>
</html>
`;
}

/** Stands behind a sentence that cites nothing until it is rendered; no text that is shown holds it. */
const uncited = '\uE0F0';

const marks = { verified: '✓', partly: '≈', missing: '✗' } as const;

function entry(source: ReportSource): string {
  const { number, uri, quote, check, record } = source;
  const title = escape(titleOf(source));
  const place = escape(oneLine(placeOf(source)));
  const name = uri === '' ? '' : isWebAddress(uri) ? linked(uri, title) : `<code>${place}</code>`;
  const site = isWebAddress(uri) && title !== escape(uri) ? ` <span class="about">${escape(oneLine(uri))}</span>` : '';
  const said = quote === undefined ? '' : `<blockquote>${escape(oneLine(quote))}</blockquote>`;
  const mark = check
    ? ` <span class="mark ${check.state}">${marks[check.state]} ${stateWords[check.state]}</span>${check.why === undefined ? '' : `<div class="about">${escape(oneLine(check.why))}</div>`}`
    : '';
  const read = record ? ` <span class="about">read ${dayOf(record.evidence.retrievedAt)}</span>` : '';
  return `<li id="source-${number}" value="${number}">${name}${site}${read}${mark}${said}</li>`;
}

function linked(uri: string, text: string): string {
  return `<a href="${escape(uri)}" rel="noreferrer noopener nofollow">${text}</a>`;
}

/** The answer's Markdown: no HTML of its own, no pictures, links to the web only, `[n]` as links to the sources. */
function rendered({ body, sources }: Pick<Report, 'body' | 'sources'>): string {
  const numbers = new Set(sources.map(({ number }) => number));
  const byPlace = new Map(sources.map((source) => [placeOf(source), source.number]));
  const parser = new MarkdownIt({ html: false, linkify: false, breaks: false, typographer: false });
  parser.disable('image');
  parser.validateLink = isWebAddress;
  parser.inline.ruler.before('link', 'citation', (state, silent) => {
    const bracket = new RegExp(numberBracket.source, 'uy');
    bracket.lastIndex = state.pos;
    const match = bracket.exec(state.src);
    if (!match || match.index + match[0].length > state.posMax) return false;
    const contents = match[1] ?? match[2] ?? match[3] ?? '';
    const named = parseNumbers(contents) ?? parsePlaces(contents)?.map((place) => byPlace.get(placeOf(place)) ?? 0);
    if (!named || named.length === 0 || !named.every((number) => numbers.has(number))) return false;
    if (!silent) for (const number of named) state.push('citation', 'sup', 0).content = String(number);
    state.pos = match.index + match[0].length;
    return true;
  });
  parser.renderer.rules['citation'] = (tokens, index) => {
    const number = tokens[index]?.content ?? '';
    return `<sup><a href="#source-${number}" aria-label="Source ${number}">[${number}]</a></sup>`;
  };
  parser.renderer.rules['link_open'] = (tokens, index, options, _, renderer) => {
    tokens[index]?.attrSet('rel', 'noreferrer noopener nofollow');
    return renderer.renderToken(tokens, index, options);
  };
  return parser
    .render(showControls(body))
    .trim()
    .replaceAll(uncited, '<sup class="uncited" title="This sentence cites nothing">uncited</sup>');
}

function escape(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
