import assert from 'node:assert/strict';
import { UserError } from '../../src/agent/errors.ts';
import { defaultSettings } from '../../src/runs/choice.ts';
import { makeHands } from '../../src/runs/hands.ts';
import { forkRun, startRun } from '../../src/runs/startRun.ts';
import { hasOverlay } from '../../src/sandbox/overlay.ts';
import { runPlace } from './runPlace.ts';

const question = { text: 'What is it?', mentions: [] };

describe('the workspace of a run', () => {
  let place: Awaited<ReturnType<typeof runPlace>>;
  beforeEach(async () => {
    place = await runPlace(({ last }) => (last.includes('boxed') ? { content: '\\boxed{1}' } : { content: 'Known.' }));
  });
  afterEach(() => place.dispose());

  it('has no tools that write where it is read-only, and commands cannot either', async () => {
    const hands = await makeHands({ ...defaultSettings, workspace: 'read-only' }, place.around);
    try {
      assert.ok(!hands.tools.some(({ effect }) => effect === 'write'));
      for (const name of ['read_file', 'search_files', 'run_command', 'run_python_code']) {
        assert.ok(
          hands.tools.some((tool) => tool.name === name),
          name,
        );
      }
      const command = { command: 'touch new', callId: 'c', unconfined: false };
      const { exitCode, notes } = await hands.shell.runCommand(command, new AbortController().signal);
      assert.equal(exitCode, 1);
      assert.match(notes.join(), /The workspace is read-only in this run/);
    } finally {
      await hands.dispose();
    }
  });

  it('tells the model of its tools anew when a fork changes that', async () => {
    const run = await startRun(question, { ...place.choice, workspace: 'read-only' }, place.around);
    const { tools } = await run.done;
    assert.ok(!tools.some(({ name }) => name === 'write_file'));
    const fork = await forkRun({ runId: run.runId, turn: 0 }, { choice: { workspace: 'read-write' } }, place.around);
    const forked = await fork.done;
    assert.ok(forked.tools.some(({ name }) => name === 'write_file'));
    assert.ok(forked.system.includes('### Tool name: write_file'));
  });

  it('cannot be an overlay where bubblewrap is too old, which is said before the run', async function () {
    const hands = await makeHands(defaultSettings, place.around);
    const confinement = hands.shell.confinement();
    await hands.dispose();
    if (confinement.kind !== 'works' || hasOverlay(confinement.version)) this.skip();
    await assert.rejects(
      startRun(question, { ...place.choice, workspace: 'overlay' }, place.around),
      (error: unknown) => error instanceof UserError && error.message.includes('0.11'),
    );
  });

  it('does not begin with a read-only path that would show a home', async () => {
    const around = { ...place.around, sandbox: { ...place.around.sandbox, readOnlyPaths: ['~'] } };
    await assert.rejects(
      startRun(question, place.choice, around),
      (error: unknown) => error instanceof UserError && error.message.includes('would show a whole home'),
    );
  });
});
