import assert from 'node:assert/strict';
import fc from 'fast-check';
import { groupAnswers } from '../../src/shared/answerGroups.ts';
import { normalAnswer } from '../../src/shared/normalAnswer.ts';

/** Ways of writing one answer. */
const same: readonly (readonly string[])[] = [
  ['Paris', 'paris', ' Paris. ', 'PARIS', '**Paris**', '"Paris"', '“Paris”', '`Paris`', '\\text{Paris}', '"Paris."'],
  ['Ｐａｒｉｓ', 'Paris', '\\boxed{Paris}', '$\\text{Paris}$', "'Paris'", '«Paris»'],
  ['The Beatles', 'Beatles', 'the  Beatles'],
  ['Lord of the Rings', 'The Lord of the Rings', 'lord of rings'],
  ['an apple', 'apple', 'Apple'],
  ['1,234', '1234', '1234.0', '1,234.00', '1\u202f234', "1'234", '1{,}234', '$1234$', '\\(1234\\)', '1\\,234'],
  ['1,234,567', '1234567', '1_234_567'],
  ['12', '12.0', '12.', '12.00', '$12$'],
  ['0.5', '.5', '0.50'],
  ['-3', '−3', '–3', '-3.0'],
  ['5%', '5 %', '5\\%', '5 percent', '5.0%', '5 per cent'],
  ['$5', '\\$5', '$5.00'],
  ['€1,200', '€1200'],
  ['a, b, c', 'a,b,c', 'a, b and c', 'a, b, and c', 'A, B & C', '"a", "b", "c"', 'a , b , c'],
  ['10, 20, 30', '10,20,30', '10, 20 and 30', '10.0, 20, 30.'],
  ['1, 234', '1 and 234'],
  ['1,234, 5', '1234, 5', '1,234 and 5'],
  ['Yahoo', 'Yahoo!'],
  ['O’Neil', "O'Neil"],
  ['10²', '10^2', '10^{2}', '$10^{2}$'],
  ['3½', '3 1/2', '3\\frac{1}{2}', '$3 \\frac{1}{2}$'],
  ['90°', '90^\\circ', '$90^{\\circ}$', '90.0°'],
  ['H₂O', 'H2O', 'H_2O', '$\\text{H}_{2}\\text{O}$'],
  ['1990–1995', '1990-1995'],
  ['5 km', '5.0 km', '5\\text{ km}', '5\\ \\mathrm{km}', '5\u00a0km'],
  ['vitamin A', 'Vitamin A.'],
];

/** Answers of which no two are the same. */
const different: readonly (readonly string[])[] = [
  ['12', '1.2', '0.12', '120', '-12', '12%', '$12', '012', '1,2', '12!', '12 and 0'],
  ['-3', '3', '+3'],
  ['1,234', '1.234', '1, 234', '12,34', '1234 km', '1,234, 5', '1, 234, 5'],
  ['5', '5%', '5 percentage points', '$5', '5°', '5 km'],
  ['X', 'not X', 'no X'],
  ['10²', '102', '10-2', '10^-2', '10₂'],
  ['3½', '31/2', '3.5', '3-1/2'],
  ['2020-03-04', '2020-04-03', '04.03.2020', '03.04.2020', '4 March 2020', '3 April 2020', '3.4.2020', '3.4'],
  ['1.10.0', '1.1.0', '1.1'],
  ['Python 3.10', 'Python 3.1'],
  ['a, b', 'b, a', 'a', 'b', 'ab', 'a; b', 'a or b'],
  ['A', 'B', 'A B'],
  ['A minor', 'B minor', 'minor'],
  ['vitamin A', 'vitamin'],
  ['5 MW', '5 mW'],
  ['0.333...', '0.333'],
  ['5!', '5'],
  ['C', 'C++', 'C#'],
  ['[0, 1]', '(0, 1)', '0, 1'],
  ['≤ 5', '< 5', '5', '~5'],
  ['?', '!', '.', '"'],
];

describe('normalAnswer', () => {
  for (const [first = '', ...others] of same) {
    it(`takes ${JSON.stringify(first)} and its other ways of writing for the same`, () => {
      for (const other of others) assert.equal(normalAnswer(other), normalAnswer(first), other);
    });
  }

  for (const answers of different) {
    it(`keeps apart ${answers.join(' | ')}`, () => {
      const forms = answers.map(normalAnswer);
      assert.equal(new Set(forms).size, answers.length, JSON.stringify(forms));
    });
  }

  it('keeps every two answers of the tables apart that are of different rows', () => {
    const forms = same.map(([first = '']) => normalAnswer(first));
    assert.deepEqual(new Set(forms).size, forms.length - 1, 'the two rows of Paris are one');
  });

  it('settles: the form of a form is the form', () => {
    const bits = [...same.flat(), ...different.flat(), ' ', ',', '.', '"', '$', 'the ', 'a ', ' and ', '\\text{', '}'];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.constantFrom(...bits)).map((all) => all.join('')),
        ),
        (text) => {
          assert.equal(normalAnswer(normalAnswer(text)), normalAnswer(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is empty for a blank text only', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.equal(normalAnswer(text) === '', text.trim() === '');
      }),
    );
  });

  const written: readonly ((value: string) => string)[] = [
    (value) => value,
    (value) => `$${value}$`,
    (value) => `${value}.`,
    (value) => value.replace(/\B(?=(\d{3})+$)/g, ','),
    (value) => `**${value}**`,
    (value) => `\\text{${value}}`,
  ];

  it('never merges two whole numbers, however they are written, and always one with itself', () => {
    const write = fc.constantFrom(...written);
    const number = fc.oneof(fc.integer(), fc.integer({ min: -2000, max: 2000 }));
    fc.assert(
      fc.property(number, number, write, write, (a, b, writeA, writeB) => {
        const [formA, formB] = [normalAnswer(writeA(String(a))), normalAnswer(writeB(String(b)))];
        assert.equal(formA === formB, a === b, `${formA} ${formB}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('never merges two decimals, and takes trailing zeros for nothing', () => {
    const places = fc.integer({ min: 0, max: 5 });
    const digits = fc.integer({ min: -99_999, max: 99_999 });
    fc.assert(
      fc.property(digits, digits, places, places, fc.nat(3), (a, b, placesA, placesB, zeros) => {
        const [x, y] = [(a / 10 ** placesA).toFixed(placesA), (b / 10 ** placesB).toFixed(placesB)];
        const padded = x.includes('.') ? x + '0'.repeat(zeros) : x;
        if (Number(x) === 0 || Number(y) === 0) return;
        assert.equal(normalAnswer(padded) === normalAnswer(y), Number(x) === Number(y), `${padded} ${y}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps the order and the items of lists', () => {
    const item = fc.constantFrom('Rome', 'New York', '1,234', '12', '1.5', '-3', '5%', 'Lake Como', '2020');
    const list = fc.array(item, { minLength: 1, maxLength: 5 });
    const joined = (items: readonly string[]) =>
      items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}` : items.join();
    fc.assert(
      fc.property(list, list, (a, b) => {
        assert.equal(normalAnswer(joined(a)), normalAnswer(a.join(', ')));
        assert.equal(normalAnswer(joined(a)) === normalAnswer(b.join(', ')), a.join('|') === b.join('|'));
      }),
    );
  });

  it('never merges a word and its negation', () => {
    fc.assert(
      fc.property(fc.constantFrom(...same.flat()), fc.constantFrom('not', 'no', 'non', 'never'), (answer, word) => {
        assert.notEqual(normalAnswer(`${word} ${answer}`), normalAnswer(answer));
      }),
    );
  });
});

describe('groupAnswers', () => {
  const rollouts = (...boxed: readonly (string | undefined)[]) =>
    boxed.map((answer, index) => ({ runId: `run-${index}`, boxed: answer }));

  it('groups by what is said, the largest first, as most wrote it', () => {
    const { groups, majority } = groupAnswers(rollouts('42', 'Paris', 'paris', undefined, 'Paris.', 'Paris'));
    assert.deepEqual(groups, [
      { answer: 'Paris', runIds: ['run-1', 'run-2', 'run-4', 'run-5'], share: 0.8 },
      { answer: '42', runIds: ['run-0'], share: 0.2 },
    ]);
    assert.equal(majority, groups[0]);
  });

  it('takes the first way of writing when each came once', () => {
    assert.equal(groupAnswers(rollouts('The Beatles', 'Beatles')).groups[0]?.answer, 'The Beatles');
  });

  it('names no majority in a tie, and none where nobody answered', () => {
    const tie = groupAnswers(rollouts('1', '2', '2', '1', '3'));
    assert.deepEqual(
      tie.groups.map(({ answer }) => answer),
      ['1', '2', '3'],
    );
    assert.equal(tie.majority, undefined);
    assert.deepEqual(groupAnswers(rollouts(undefined, '', '  ')), { groups: [] });
  });

  it('puts every rollout that answered into exactly one group', () => {
    const answer = fc.option(fc.constantFrom('1', '1.0', 'one', 'The one', '', '2'), { nil: undefined });
    fc.assert(
      fc.property(fc.array(answer), (boxed) => {
        const all = rollouts(...boxed);
        const { groups, majority } = groupAnswers(all);
        const answered = all.filter((rollout) => rollout.boxed).map(({ runId }) => runId);
        assert.deepEqual(groups.flatMap(({ runIds }) => runIds).toSorted(), answered.toSorted());
        const shares = groups.reduce((sum, { share }) => sum + share, 0);
        assert.ok(groups.length === 0 || Math.abs(shares - 1) < 1e-9);
        const sizes = groups.map(({ runIds }) => runIds.length);
        assert.deepEqual(
          sizes,
          sizes.toSorted((a, b) => b - a),
        );
        assert.equal(majority !== undefined, sizes.length > 0 && sizes[0] !== sizes[1]);
      }),
    );
  });
});
