import assert from 'node:assert/strict';
import { toMarkdown } from '../../src/export/markdown.ts';
import type { Fact } from '../../src/shared/events.ts';
import { forkPoint } from '../../src/shared/forkPoint.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { logOf, replied, started } from '../webview/logs.ts';

const settled: readonly Fact[] = [
  started({ question: 'What is it?' }),
  { type: 'clarification.asked', questions: ['Which one?', 'When?'] },
  { type: 'clarification.answered', answers: ['The first.', ''] },
  {
    type: 'plan.set',
    by: 'model',
    items: [
      { id: 1, text: 'One\nthing' },
      { id: 2, text: 'Another' },
    ],
  },
];
const facts: readonly Fact[] = [
  ...settled,
  { type: 'plan.ticked', id: 1, done: true, evidence: [{ callId: '1-1', index: 0 }] },
  replied(1, 'I look.'),
];

describe('a run that was asked back about and planned', () => {
  it('is exported with the answers below the question, and the plan with its ticks', () => {
    const text = toMarkdown(foldAll(logOf(facts)));
    assert.match(text, /## Plan\n\n1 of 2 settled\n\n- \[x\] One thing \(1 source\)\n- \[ \] Another\n/);
    assert.match(text, /Asked back:\n\n> Which one\?\n> The first\.\n\n> When\?\n> \(left open\)/);
  });

  it('has all of that in a fork from its question', () => {
    const events = logOf(facts);
    const fork = foldAll(events.slice(0, (forkPoint(events, 0) ?? 0) + 1));
    assert.equal(fork.turns, 0);
    assert.deepEqual(
      fork.plan?.items.map(({ done }) => done),
      [true, false],
    );
  });
});

describe('toMarkdown', () => {
  it('leaves nothing of a question, a thought, an answer or a plan that a viewer follows', () => {
    const evil = '<img src=http://e.example/x> ![p](http://e.example/p.png) [c](javascript:alert(1)) `<b>`';
    const text = toMarkdown(
      foldAll(
        logOf([
          started({ question: evil }),
          { type: 'plan.set', by: 'model', items: [{ id: 1, text: evil }] },
          replied(1, `<think>${evil}</think>${evil}`),
          { type: 'answer.given', boxed: evil, text: `${evil}\n\nSources:\n[1] a.md "${evil}"`, sources: [] },
        ]),
      ),
    );
    assert.doesNotMatch(text, /(?<!\\)<img|(?<!\\)!\[|(?<!\\)\]\(javascript/);
    assert.match(text, /`<b>`/);
  });
});
