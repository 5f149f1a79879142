/**
 * Claims without a citation of their own: precision and recall of the marks on labelled answers, and how long the worst of
 * the hostile answers of 100 KB takes, and a report of 100 KB over 4 MB of sources.
 */
import { claimsOf } from '../../src/shared/claims.ts';
import { claimCases, claimSources } from '../shared/claimsCases.ts';
import { heldOutCases, heldOutSources } from '../shared/claimsHeldOut.ts';
import { marksOf, scoreOf } from '../shared/claimsMarked.ts';
import { figure } from './figure.ts';

for (const [name, score] of [
  ['those that the rules were made with', await scoreOf(claimCases, claimSources)],
  ['held out ones', await scoreOf(heldOutCases, heldOutSources)],
] as const) {
  const { right, tooMany, tooFew } = score;
  figure(`precision of marks, ${name}`, (100 * right) / (right + tooMany), '%', { better: 'higher' });
  figure(`recall of marks, ${name}`, (100 * right) / (right + tooFew), '%', { better: 'higher' });
}

const hostile = ['A. ', '. [', '| a 12 ', '  - a\n', 'a:\n- b 12\n', '- It is 12.\n', 'Ines Okafor. ', 'X 12. Y [1]. '];
const times = hostile.map((piece) => {
  const text = piece.repeat(100_000 / piece.length);
  const startedAt = performance.now();
  claimsOf(text);
  return performance.now() - startedAt;
});
figure('claims of the slowest hostile answer of 100 KB', Math.max(...times), 'ms');

const section = claimCases.map(({ text }) => text).join('\n\n');
const report = `${section}\n\n`.repeat(Math.floor(100_000 / section.length));
const sources = claimSources.map((source) => `${source} `.repeat(Math.floor(800_000 / source.length)));
const startedAt = performance.now();
await marksOf(report, sources);
figure('checking the claims of a report of 100 KB over 4 MB', performance.now() - startedAt, 'ms');
