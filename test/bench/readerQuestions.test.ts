import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageSections, plainText, sharedPhrases } from './docText.ts';
import { developmentQuestions, pythonDocs, readerQuestions } from './readerQuestions.ts';

describe('readerQuestions', () => {
  const { questions, unanswerable, heldOut } = readerQuestions;

  it('holds 30 questions, 10 without an answer and 10 held out, each with its own id', () => {
    assert.deepEqual([questions.length, unanswerable.length, heldOut.length], [30, 10, 10]);
    const ids = [...questions, ...unanswerable, ...heldOut].map(({ id }) => id);
    assert.equal(new Set(ids).size, 50);
  });

  it('holds more to develop the reader with, none of them among the others', () => {
    assert.deepEqual([developmentQuestions.questions.length, developmentQuestions.unanswerable.length], [52, 15]);
    const all = [...questions, ...unanswerable, ...heldOut, ...Object.values(developmentQuestions).flat()];
    assert.equal(new Set(all.map(({ id }) => id)).size, 117);
    assert.equal(new Set(all.map(({ question }) => question)).size, 117);
  });

  it('spreads over the whole documentation', () => {
    const folders = new Set(questions.map(({ file }) => file.split('/')[0]));
    assert.deepEqual([...folders].sort(), [
      'c-api',
      'faq',
      'howto',
      'library',
      'reference',
      'tutorial',
      'using',
      'whatsnew',
    ]);
  });

  it('has each gold string in its page, in sections that share no phrase of three words with the question', async function () {
    const docs = await pythonDocs();
    if (!docs) return this.skip();
    for (const { id, question, gold, file } of [...questions, ...heldOut, ...developmentQuestions.questions]) {
      const sections = pageSections(await readFile(join(docs, file), 'utf8'));
      const holding = sections.filter((section) => section.some((paragraph) => paragraph.includes(plainText(gold))));
      assert.ok(holding.length > 0, `${id}: ${gold} is not in ${file}`);
      for (const section of holding) {
        assert.deepEqual(sharedPhrases(question, section.join(' | '), 3), [], id);
      }
    }
  });
});
