/** A run's answer as one HTML file: nothing is loaded, nothing runs, and it prints well. */
import type { MarkdownIt, StateInline, Token } from 'markdown-it';
import { checkWords, isWebAddress, pageOf, placeOf, stateWords } from '../shared/shownSources.ts';
import type { Unsupported } from '../shared/evidence.ts';
import { unsupportedTitle, unsupportedWords } from '../shared/unsupportedWords.ts';
import { showControls } from '../shared/visibleText.ts';
import { answerParser } from './answerParser.ts';
import { reportStyle } from './htmlStyle.ts';
import { shownTarget } from './inlineEdits.ts';
import { dayOf, oneLine, titleOf, withUncited, type Report, type ReportSource } from './reportSource.ts';

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
${rendered(report)}
</article>
${sources.length > 0 ? `<section aria-label="Sources">\n<h2>Sources</h2>\n${words ? `<p class="about">${escape(words)}</p>\n` : ''}<ol>\n${sources.map(entry).join('\n')}\n</ol>\n</section>` : words ? `<p class="about">${escape(words)}</p>` : ''}
<footer>${escape(`${oneLine(model)}, run ${runId}, ${dayOf(at)}`)}</footer>
</main>
</body>
</html>
`;
}

/** Stands behind a marked sentence, around the mark's number, until it is rendered; it is taken out of every text that is shown. */
const marked = '\uE0F0';

const marks = { verified: '✓', partly: '≈', missing: '✗' } as const;

function entry(source: ReportSource): string {
  const { number, uri, quote, check, record } = source;
  const title = escape(titleOf(source));
  const place = escape(oneLine(placeOf(source)));
  const name = uri === '' ? '' : isWebAddress(uri) ? linked(uri, title) : `<code>${place}</code>`;
  const site = isWebAddress(uri) && title !== escape(uri) ? ` <span class="about">${escape(oneLine(uri))}</span>` : '';
  const page = isWebAddress(uri) && pageOf(source) !== '' ? `, ${pageOf(source)}` : '';
  const said = quote === undefined ? '' : `<blockquote>${escape(oneLine(quote))}</blockquote>`;
  const mark = check
    ? ` <span class="mark ${check.state}">${marks[check.state]} ${stateWords[check.state]}</span>${check.why === undefined ? '' : `<div class="about">${escape(oneLine(check.why))}</div>`}`
    : '';
  const read = record ? ` <span class="about">read ${dayOf(record.evidence.retrievedAt)}</span>` : '';
  return `<li id="source-${number}" value="${number}">${name}${page}${site}${read}${mark}${said}</li>`;
}

function linked(uri: string, text: string): string {
  return `${opened(uri)}${text}</a>`;
}

function opened(uri: string): string {
  return `<a href="${escape(uri)}" rel="noreferrer noopener nofollow">`;
}

/** The answer's Markdown: no HTML of its own, links to the web only, pictures as such, `[n]` as links to the sources. */
function rendered({ body: plainBody, answer, sources }: Pick<Report, 'body' | 'answer' | 'sources'>): string {
  const own = {
    body: plainBody.replaceAll(marked, ' '),
    answer: { ...answer, text: answer.text.replaceAll(marked, ' ') },
  };
  const body = withUncited(own, (_, index) => `${marked}${index}${marked}`);
  const parser = answerParser(sources);
  parser.validateLink = () => true;
  parser.set({ linkify: true });
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  parser.inline.ruler.before('escape', 'maths', readMaths);
  parser.renderer.rules['linebreak'] = () => '<br>';
  parser.renderer.rules['raised'] = (tokens, index) => {
    const name = tokens[index]?.tag === 'sub' ? 'sub' : 'sup';
    return `<${name}>${escape(tokens[index]?.content ?? '')}</${name}>`;
  };
  parser.renderer.rules['maths'] = (tokens, index) =>
    `<code class="maths">${escape(tokens[index]?.content ?? '')}</code>`;
  parser.renderer.rules['citation'] = (tokens, index) => {
    const number = tokens[index]?.content ?? '';
    return `<sup><a href="#source-${number}" aria-label="Source ${number}">[${number}]</a></sup>`;
  };
  parser.renderer.rules['link_open'] = (tokens, index) => {
    const href = String(tokens[index]?.attrGet('href') ?? '');
    return isWebAddress(href) ? opened(href) : '';
  };
  parser.renderer.rules['link_close'] = (tokens, index) => {
    const from = tokens.findLastIndex(({ type }, at) => at < index && type === 'link_open');
    const href = String(tokens[from]?.attrGet('href') ?? '');
    return isWebAddress(href) ? '</a>' : targetBehind(wordsOf(tokens.slice(from, index)), href, parser);
  };
  parser.renderer.rules['image'] = (tokens, index) => {
    const source = String(tokens[index]?.attrGet('src') ?? '');
    const words = wordsOf(tokens[index]?.children ?? []);
    const before = tokens.slice(0, index).findLast(({ type }) => type === 'link_open' || type === 'link_close');
    if (before?.type === 'link_open') return escape(words);
    if (isWebAddress(source)) return linked(source, escape(words || source));
    return `${escape(words)}${targetBehind(words, source, parser)}`;
  };
  return parser
    .render(showControls(body.replace(/\r\n?/g, '\n')))
    .trim()
    .replace(/\uE0F0(\d+)\uE0F0/g, (_, index: string) => mark(answer.checked?.unsupported[Number(index)]));
}

function mark(claim: Unsupported | undefined): string {
  if (!claim) return '';
  return `<sup class="uncited" title="${escape(unsupportedTitle(claim))}">${escape(unsupportedWords(claim))}</sup>`;
}

const maths = /\$\$([^$]+)\$\$|\$(?![\s$])([^$\n]*[^\s$\\])\$(?!\d)|\\\(([^]+?)\\\)|\\\[([^]+?)\\\]/y;

/** Formulas as they are written: nothing in them is Markdown. */
function readMaths(state: StateInline, silent: boolean): boolean {
  const pattern = new RegExp(maths);
  pattern.lastIndex = state.pos;
  const match = pattern.exec(state.src);
  if (!match || state.pos + match[0].length > state.posMax) return false;
  if (!silent) state.push('maths', 'code', 0).content = (match[1] ?? match[2] ?? match[3] ?? match[4] ?? '').trim();
  state.pos += match[0].length;
  return true;
}

function wordsOf(tokens: readonly Token[]): string {
  return tokens.map(({ content }) => content).join('');
}

function targetBehind(words: string, href: string, parser: MarkdownIt): string {
  const target = shownTarget(words, href, parser);
  return target === '' ? '' : ` (<code>${escape(target)}</code>)`;
}

function escape(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
