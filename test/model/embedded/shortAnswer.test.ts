import assert from 'node:assert/strict';
import { answerSigns } from '../../../src/model/embedded/asked.ts';
import { passagesOf } from '../../../src/model/embedded/passages.ts';
import { rank, weightsOf } from '../../../src/model/embedded/ranking.ts';
import { shortAnswer } from '../../../src/model/embedded/shortAnswer.ts';
import { termsOf } from '../../../src/model/embedded/terms.ts';

const queryOf = (question: string) => {
  const terms = termsOf(question);
  return { terms, weights: weightsOf(terms, new Map(), 9), signs: answerSigns(question) };
};

describe('shortAnswer', () => {
  it('is the sentence that fits, whole and without its bullet', () => {
    const quote = '- Kettles are small. - The pump starts after 7 seconds. It stops by itself.';
    assert.equal(shortAnswer(quote, queryOf('When does the pump start?')), 'The pump starts after 7 seconds');
  });

  it('is the fitting clauses of a sentence that is too long', () => {
    const long = `Long ago, ${'when nobody thought of it yet '.repeat(4)}and later, the valve was made of {brass}, which lasts.`;
    const short = shortAnswer(long, queryOf('What is the valve made of?'));
    assert.match(short, /the valve was made of \\\{brass\\\}, which lasts$/);
    assert.ok(short.length <= 122);
  });
});

describe('rank', () => {
  it('puts a passage that answers before one that asks the same', () => {
    const text = (line: number, words: string) => ({ line, text: words, kind: 'text' as const, indent: 0 });
    const heading = (line: number) => ({ line, text: 'Pump', kind: 'heading' as const, indent: 0 });
    const blocks = [
      heading(1),
      text(2, 'When does the pump start?'),
      heading(30),
      text(31, 'The pump starts at noon.'),
    ];
    const [best] = rank(passagesOf('a.md', blocks), queryOf('When does the pump start?'));
    assert.equal(best?.passage.line, 31);
  });
});
