import assert from 'node:assert/strict';
import { describeItem, describeRollback } from '../../src/shared/describeItem.ts';
import { rollbackKindSchema } from '../../src/shared/events.ts';

const place = { seq: 3, at: 0 };

describe('describeRollback', () => {
  it('says the kind in words, and why', () => {
    assert.equal(describeRollback('duplicate', 'ask something else'), 'Undone, duplicate: ask something else');
    assert.equal(describeRollback('cutOff', ' '), 'Undone, cut off');
  });

  it('has words for every kind', () => {
    for (const kind of rollbackKindSchema.options) assert.match(describeRollback(kind, ''), /^Undone, [a-zA-Z ]+$/);
  });
});

describe('describeItem', () => {
  it('says why an attempt ended, with its report folded', () => {
    const end = describeItem({
      ...{ kind: 'attemptEnd', ...place, attempt: 1, reason: 'context', failure: 'format_missed' },
      ...{ report: 'The changelog says 4.0.', evidence: [] },
    });
    assert.equal(end.text, 'Attempt 1 ended: the context is full (format missed)');
    assert.equal(end.body, 'The changelog says 4.0.');
  });

  it('says what went out of view once, not turn by turn', () => {
    const sizes = { promptTokens: 240_000, afterTokens: 157_000 };
    const { text } = describeItem({ kind: 'narrowed', ...place, maskedResults: 0, droppedThoughts: 212, ...sizes });
    assert.equal(text, "Out of the model's view: the thoughts of the oldest 212 turns (240k → 157k tokens)");
  });

  it('tells a request that the run went on after', () => {
    const request = { kind: 'answerRequest', ...place, reason: 'asked', prompt: 'Answer.', withdrawn: true } as const;
    assert.equal(describeItem(request).text, 'You wanted the answer: asked for the answer; the run went on');
  });
});
