import assert from 'node:assert/strict';
import { describeCall } from '../../src/shared/describeCall.ts';
import { editedWords, withoutEditedWords } from '../../src/shared/editedCall.ts';
import type { Call } from '../../src/shared/trajectory.ts';

const args = { command: 'ls -a' };
const edited: Call = {
  ...{ callId: 'c', server: 'tool-python', tool: 'run_command', arguments: args, requested: { command: 'ls' } },
  ...{ approval: { reason: 'r', decision: 'once', note: 'all\n\nof them' }, outcome: 'ok' },
  content: `${editedWords(args, 'all\n\nof them')}Exit code: 0\nDuration: 0.10 s\nOutput:\n.git`,
} as const;

describe('withoutEditedWords', () => {
  it('leaves the observation as the tool gave it, so that it is read as any other', () => {
    assert.match(withoutEditedWords(edited).content ?? '', /^Exit code: 0\n/);
    assert.equal(describeCall(edited).summary, '.git');
  });

  it('changes nothing of a call that nobody edited, whatever it says', () => {
    const { requested: _requested, ...plain } = edited;
    assert.equal(withoutEditedWords(plain), plain);
  });
});
