/** A run's answer as Markdown with footnotes. */
import { numberBracket, parseNumbers, parsePlaces, withoutCode } from '../shared/citations.ts';
import { checkWords, isWebAddress, placeOf, stateWords } from '../shared/shownSources.ts';
import { showControls } from '../shared/visibleText.ts';
import { dayOf, oneLine, titleOf, withUncited, type Report, type ReportSource } from './reportSource.ts';

/** The report. What was foreign is escaped: no HTML, no links but to the web, no control characters. */
export function toFootnotes(report: Report): string {
  const { question, answer, sources, model, runId, at } = report;
  const [title = ''] = question.split('\n', 1);
  const words = checkWords(answer);
  const parts = [
    `# ${plain(title) || 'Report'}`,
    answer.boxed && answer.boxed !== answer.text ? `**${plain(answer.boxed)}**` : '',
    bodyWithNotes({ body: withUncited(report, ' *(uncited)*'), sources: report.sources }),
    ...(words ? [`Citations: ${words}.`] : []),
    `${plain(model)}, run ${runId}, ${dayOf(at)}.`,
    sources.map(footnote).join('\n'),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** The text with `[^n]` for every way of citing; code stays as it is. */
function bodyWithNotes({ body, sources }: Pick<Report, 'body' | 'sources'>): string {
  const numbers = new Set(sources.map(({ number }) => number));
  const byPlace = new Map(sources.map((source) => [placeOf(source), source.number]));
  const shown = withoutHtml(showControls(body));
  const blanked = withoutCode(shown);
  let out = '';
  let at = 0;
  for (const match of blanked.matchAll(numberBracket)) {
    const contents = match[1] ?? match[2] ?? match[3] ?? '';
    const named = parseNumbers(contents) ?? parsePlaces(contents)?.map((place) => byPlace.get(placeOf(place)) ?? 0);
    if (!named || named.length === 0 || !named.every((number) => numbers.has(number))) continue;
    out += `${shown.slice(at, match.index)}${named.map((number) => `[^${number}]`).join('')}`;
    at = match.index + match[0].length;
  }
  return out + shown.slice(at);
}

function footnote(source: ReportSource): string {
  const { number, uri, quote, check, record } = source;
  const title = titleOf(source);
  const place = oneLine(placeOf(source));
  const link = isWebAddress(uri) ? (title === uri ? `<${uri}>` : `[${plain(title)}](<${uri}>)`) : code(place);
  const parts = [
    uri === '' ? '' : link,
    quote === undefined ? '' : `“${plain(quote)}”`,
    check ? `${stateWords[check.state]}${check.why === undefined ? '' : `: ${plain(check.why)}`}` : '',
    record ? `read ${dayOf(record.evidence.retrievedAt)}` : '',
  ];
  return `[^${number}]: ${parts.filter(Boolean).join(' — ')}`;
}

/** Text that Markdown takes for nothing but text. */
function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>#|~]/g, '\\$&')
    .replace(/&/g, '&amp;');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** The model's own Markdown stays; tags that a viewer would follow, and links to anything but the web, do not. */
function withoutHtml(text: string): string {
  const blanked = withoutCode(text);
  const unsafe =
    /<(?=[a-z/!?])|(!)(?=\[)|(\]\(\s*<?)(?!https?:\/\/|<)[^)\n]*\)|^(\s{0,3}\[[^\]\n]+\]:\s*)(?!https?:)\S+/gim;
  let out = '';
  let at = 0;
  for (const match of blanked.matchAll(unsafe)) {
    const [all, image, target, definition] = match;
    const kept =
      image !== undefined ? '\\!' : target !== undefined ? '](#)' : definition !== undefined ? `${definition}#` : '\\<';
    out += text.slice(at, match.index) + kept;
    at = match.index + all.length;
  }
  return out + text.slice(at);
}
