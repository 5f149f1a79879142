import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messagesFor } from '../../src/agent/messages.ts';
import { factSchema } from '../../src/shared/events.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { readLog } from '../../src/store/readLog.ts';

const golden = join(import.meta.dirname, '../golden');

describe('the golden logs', () => {
  it('of every format version open whole', async () => {
    const versions = (await readdir(golden)).filter((name) => name.startsWith('format-'));
    assert.ok(versions.includes('format-1'));
    for (const version of versions) assert.equal((await readLog(join(golden, version))).damage, undefined, version);
  });

  it('of the present format hold every kind of fact, and fold and show as they always did', async () => {
    const { events } = await readLog(join(golden, 'format-1'));
    const kinds = factSchema.options.map((option) => option.shape.type.value);
    assert.deepEqual(new Set(events.map((event) => event.type)), new Set(kinds));
    const trajectory = foldAll(events);
    assert.deepEqual(
      trajectory.items.map((item) => item.kind),
      [
        ...[
          'question',
          'turn',
          'rolledBack',
          'rolledBack',
          'rolledBack',
          'rolledBack',
          'rolledBack',
          'turn',
          'turn',
          'turn',
        ],
        ...['answerRequest', 'turn', 'answer', 'end', 'question', 'turn', 'answerRequest', 'turn', 'answer', 'end'],
      ],
    );
    assert.deepEqual([trajectory.turns, trajectory.model, trajectory.state.kind], [7, 'other', 'ended']);
    const roles = messagesFor(trajectory).map((message) => message.role[0]);
    assert.equal(roles.join(''), 'suauauauauauaua');
  });
});
