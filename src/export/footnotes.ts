/** A run's answer as Markdown with footnotes. */
import { checkWords, isWebAddress, pageOf, placeOf, stateWords } from '../shared/shownSources.ts';
import { unsupportedWords } from '../shared/unsupportedWords.ts';
import { dayOf, oneLine, titleOf, withUncited, type Report, type ReportSource } from './reportSource.ts';
import { plainMarkdown as plain, safeMarkdown } from './safeMarkdown.ts';

/** The report. What was foreign is escaped: no HTML, no links but to the web, no control characters. */
export function toFootnotes(report: Report): string {
  const { question, answer, sources, model, runId, at } = report;
  const [title = ''] = question.split('\n', 1);
  const words = checkWords(answer);
  const parts = [
    `# ${plain(title) || 'Report'}`,
    answer.boxed && answer.boxed !== answer.text ? `**${plain(answer.boxed)}**` : '',
    safeMarkdown(
      withUncited(report, (claim) => ` *(${plain(unsupportedWords(claim))})*`),
      sources,
    ),
    ...(words ? [`Citations: ${words}.`] : []),
    `${plain(model)}, run ${runId}, ${dayOf(at)}.`,
    sources.map(footnote).join('\n'),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function footnote(source: ReportSource): string {
  const { number, uri, quote, check, record } = source;
  const title = titleOf(source);
  const place = oneLine(placeOf(source));
  const link = isWebAddress(uri) ? (title === uri ? `<${uri}>` : `[${plain(title)}](<${uri}>)`) : code(place);
  const parts = [
    uri === '' ? '' : isWebAddress(uri) ? [link, pageOf(source)].filter(Boolean).join(', ') : link,
    quote === undefined ? '' : `“${plain(quote)}”`,
    check ? `${stateWords[check.state]}${check.why === undefined ? '' : `: ${plain(check.why)}`}` : '',
    record ? `read ${dayOf(record.evidence.retrievedAt)}` : '',
  ];
  return `[^${number}]: ${parts.filter(Boolean).join(' — ')}`;
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
