import assert from 'node:assert/strict';
import fc from 'fast-check';
import { claimCases, claimSources } from '../shared/claimsCases.ts';
import { borneOut, everydaySource, notBorneOut } from '../shared/claimsEveryday.ts';
import { heldOutCases, heldOutSources } from '../shared/claimsHeldOut.ts';
import { marksOf, scoreOf } from '../shared/claimsMarked.ts';

/** What is marked of a text for which nothing was read. */
const marked = async (text: string) => (await marksOf(text, [])).map(({ from, to }) => text.slice(from, to));

/** Repeated, each of them once took time by the square of its length, or might. */
const hostile = [
  ...[
    'A. ',
    '. [',
    '[1] ',
    '[',
    '12 500 000 ',
    'Ines Okafor ',
    '“',
    '"a" ',
    '| a 12 ',
    '| 12 | 13 |\n',
    '- It is 12 [1].\n',
  ],
  ...[
    '  - a\n',
    'a:\n- b 12\n',
    '**a',
    '1.',
    '1-',
    '-1-a',
    'A-',
    'one hundred and ',
    'May 12, 2019 ',
    '\\boxed{',
    'http://a',
  ],
  ...[
    '[a](http://b',
    ' of the A',
    'X 12. Y [1]. ',
    '\n# A\nB 12.\n',
    'I read and ',
    'None of the sources ',
    '5 to 6 to ',
    '多12。',
  ],
];

describe('checkClaims', () => {
  it('marks what a careful reader marks, and says what is missing', async () => {
    const { right, differences } = await scoreOf(claimCases, claimSources);
    assert.deepEqual(differences, []);
    assert.equal(right, claimCases.flatMap((each) => each.marked).length);
  });

  it('does so in answers that the rules were not made with', async () => {
    const { right, tooMany, tooFew, sameParts, differences } = await scoreOf(heldOutCases, heldOutSources);
    // A country that stands alone in its cell is not looked for.
    assert.deepEqual({ right, tooMany, tooFew, sameParts }, { right: 25, tooMany: 0, tooFew: 0, sameParts: 24 });
    assert.equal(differences.length, 1);
  });

  it('knows what is written otherwise, and what is another thing', async () => {
    for (const text of borneOut) assert.deepEqual(await marksOf(text, [everydaySource]), [], text);
    for (const [text, missing] of notBorneOut) {
      const [mark, ...others] = await marksOf(text, [everydaySource]);
      assert.deepEqual(
        mark?.missing?.map((part) => part.slice(0, missing.length)),
        [missing],
        text,
      );
      assert.deepEqual(mark.sought, [1]);
      assert.deepEqual(others, []);
    }
  });

  it('ends on any text, and on hostile ones of a hundred thousand characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        for (const { from, to } of await marksOf(text, [text])) assert.ok(from < to && to <= text.length);
      }),
    );
    for (const piece of hostile) {
      const text = piece.repeat(100_000 / piece.length);
      assert.ok((await marksOf(text, [text])).length <= 500, piece);
    }
  });

  it('marks what claims and cites nothing', async () => {
    const text = 'The tower was built in the year 1903 by two brothers [1]. It has been painted red ever since then.';
    assert.deepEqual(await marked(text), ['It has been painted red ever since then.']);
    assert.deepEqual(await marked('该塔由两兄弟于1903年建成并对外开放。'), ['该塔由两兄弟于1903年建成并对外开放。']);
  });

  it('exempts no fact for the words that it opens with', async () => {
    for (const text of [
      'Overall, the vaccine killed 400 people in the first year.',
      'Overall, the vaccine killed four hundred people in the first year.',
      'We found that the mayor Ines Okafor took the money in May.',
      'So the tower was sold to Siemens by the two brothers.',
      'According to this report the vaccine killed 400 people.',
      'GDP fell 12 %.',
      'It is 42 m.',
    ])
      assert.deepEqual(await marked(text), [text]);
  });

  it('leaves out what claims nothing', async () => {
    for (const text of [
      '# The tower was built in the year 1903 by them',
      'The tower that was built in 1903\n================================',
      'Was the tower really built in the year 1903?',
      'I could not find who paid for the tower in the end.',
      'I searched the reports of Siemens for 2019 to 2023 and read 12 pages.',
      'Therefore the tower is more than a hundred years old.',
      'The tower has been painted in three colours:\n\n- red [1]',
      '> The tower was built in the year 1903 by them.',
      'It is red.',
      '```\nThe tower was built in the year 1903 by them.\n```',
      'So:\n\n\\boxed{42 m}',
      '未找到关于该塔建造者的任何可靠资料记录。',
    ])
      assert.deepEqual(await marked(text), [], text);
  });
});
