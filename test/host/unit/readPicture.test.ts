import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toMarkdown } from '../../../src/export/markdown.ts';
import { pictureMessage } from '../../../src/host/readPicture.ts';
import { findCall } from '../../../src/shared/describeState.ts';
import { call } from '../../fakes/scriptedServer.ts';
import { openSession, type OpenSession } from './sessions.ts';

describe('a figure of a run', function () {
  this.timeout(60_000);
  let one: OpenSession;
  let asked: { readonly runId: string; readonly callId: string; readonly sha256: string };
  before(async () => {
    const code_block = 'import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()';
    one = await openSession([
      { content: call('tool-python', 'run_python_code', { code_block }) },
      { content: 'Seen.' },
      { content: 'So it is.\n\n\\boxed{3}' },
    ]);
    const ended = one.fact(({ type }) => type === 'run.ended');
    await one.session.ask({ text: 'Where is the peak?', mentions: [] }, one.choice);
    const { trajectory } = await ended;
    const turn = trajectory.items.find((item) => item.kind === 'turn');
    const drawn = turn?.kind === 'turn' ? turn.calls[0] : undefined;
    const image = drawn?.images?.[0];
    assert.ok(drawn && image, drawn?.content);
    asked = { runId: trajectory.runId, callId: drawn.callId, sha256: image.sha256 };
  });
  after(() => one.close());

  it('is sent to the panel as it was made', async () => {
    const message = await pictureMessage(one.session, asked);
    assert.ok(message.type === 'picture' && message.content.kind === 'picture');
    assert.equal(message.content.mimeType, 'image/png');
    const bytes = Buffer.from(message.content.base64, 'base64');
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    assert.ok(bytes.length > 5_000);
  });

  it('stands in the export by its name', () => {
    const { shownTrajectory } = one.session;
    assert.ok(shownTrajectory && findCall(shownTrajectory, asked.callId));
    const markdown = toMarkdown(shownTrajectory);
    assert.ok(
      markdown.includes(`Picture \`/home/user/figures/figure-1.png\`, kept as \`blobs/${asked.sha256}\``),
      markdown.slice(-2_000),
    );
  });

  for (const [what, changes] of [
    ['another run', { runId: '20200101-000000-aaaaaa' }],
    ['another call', { callId: 'none' }],
    ['another hash', { sha256: 'a'.repeat(64) }],
  ] as const) {
    it(`is not sent for ${what}`, async () => {
      const message = await pictureMessage(one.session, { ...asked, ...changes });
      assert.ok(message.type === 'picture' && message.content.kind === 'problem');
      assert.match(message.content.message, /not in the run that is shown/);
    });
  }

  it('is not sent when its bytes are not what the log says', async () => {
    await writeFile(join(one.runsFolder, asked.runId, 'blobs', asked.sha256), 'something else');
    const message = await pictureMessage(one.session, asked);
    assert.ok(message.type === 'picture' && message.content.kind === 'problem');
    assert.match(message.content.message, /damaged/);
  });
});
