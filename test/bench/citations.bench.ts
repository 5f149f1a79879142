/** Citations held against what was read: how many of fifty are judged right, and how long fifty over 20 MB take. */
import { checkCitations } from '../../src/agent/checkCitations.ts';
import { citedSources } from '../../src/agent/answer.ts';
import type { Fact } from '../../src/shared/events.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { citedFiles, citedText, knownCitations, reportOf } from '../shared/citationReport.ts';
import { figure } from './figure.ts';
import { done, logOf, replied, started } from '../webview/logs.ts';

const records = 200;
const chars = 100_000;
const signal = new AbortController().signal;
const citations = knownCitations();
const texts = new Map<string, string>(Object.keys(citedFiles).map((file) => [file, citedText(file)]));
const filler = [...texts.values()].join('\n').replace(/(\d)/g, '$1 ');
// Further pages of the same kind of text: a quote that is not in its own source is looked for in all of them.
for (let index = texts.size; index < records; index++)
  texts.set(`page-${index}.md`, `${filler.slice(index * 100)}${filler}`.slice(0, chars));

const shaOf = (index: number) => index.toString(16).padStart(64, '0');
const bySha = new Map([...texts.values()].map((text, index) => [shaOf(index), text]));
const text = reportOf(citations);
const facts: Fact[] = [
  started(),
  ...[...texts].flatMap(([uri, body], index) =>
    done(index + 1, replied(index + 1, 'Next.', { tool: 'read_file', args: { path: uri } }), 'read', {
      sources: [
        { uri, kind: 'file', retrievedAt: 1, spans: [], text: { sha256: shaOf(index), sizeBytes: body.length } },
      ],
    }),
  ),
  { type: 'answer.given', boxed: '50', text, sources: citedSources(text) },
];
const trajectory = foldAll(logOf(facts));

const startedAt = performance.now();
const fact = await checkCitations(trajectory, async ({ sha256 }) => bySha.get(sha256), signal);
const ms = performance.now() - startedAt;
const right = fact.citations.filter(({ number, state }) => {
  const known = citations[number - 1];
  return known && (known.kind === 'invented' ? state === 'missing' : state === 'verified');
});
figure('citations judged right, of 50', right.length, 'citations', { better: 'higher' });
figure('checking 50 citations over 200 texts of 100 KB', ms, 'ms');
