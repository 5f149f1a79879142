import assert from 'node:assert/strict';
import type { Fact, FactOf } from '../../src/shared/events.ts';
import type { FileChange } from '../../src/shared/refs.ts';
import { done, logOf, replied } from './logs.ts';
import { longRun } from './longRun.ts';
import { add, announced } from './panelActs.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';
import { answered } from './trajectories.ts';

const run = longRun();

function made(number: number, kind: FactOf<'checkpoint.made'>['kind'], more: Partial<FactOf<'checkpoint.made'>> = {}) {
  const checkpoint = { runId, number };
  return { type: 'checkpoint.made', checkpoint, kind, turn: 0, files: [], moreFiles: 0, skipped: [], ...more } as const;
}

const file = (path: string, change: FileChange['change'], added: number, removed: number) => {
  return { path, change, added, removed };
};
const inverse = { added: 'deleted', modified: 'modified', deleted: 'added' } as const;
const six = [
  file('src/cache/writer.py', 'modified', 2, 9),
  file('src/cache/a_rather_long_name_of_a_reader_of_old_caches.py', 'modified', 1, 1),
  file('tests/test_writer.py', 'added', 40, 0),
  file('src/cache/v1.py', 'deleted', 0, 120),
  file('README.md', 'modified', 1, 0),
  file('docs/adr/0012-drop-v1-cache.md', 'modified', 3, 1),
];
const command = replied(37, 'Rewrite all callers at once.', {
  server: 'tool-python',
  tool: 'run_command',
  args: { command: 'python3 rewrite.py', sandbox_id: 'sb-81f2' },
});
const edit = replied(38, 'Remove the branch.', {
  tool: 'edit_file',
  args: { path: 'src/cache/writer.py', old_text: 'a\nb', new_text: 'a' },
});
const changed: readonly Fact[] = [
  made(0, 'baseline'),
  ...done(37, command, 'Exit code: 0\nOutput:\nrewrote 6 files'),
  made(1, 'call', { callId: 'call-37', turn: 37, files: six }),
  ...done(38, edit, 'Edited src/cache/writer.py.'),
  made(2, 'call', { callId: 'call-38', turn: 38, files: [file('src/cache/writer.py', 'modified', 0, 1)] }),
];
const restored = made(3, 'restore', {
  turn: 38,
  restored: { runId, number: 0 },
  files: six.map(({ path, change, added, removed }) => file(path, inverse[change], removed, added)),
  skipped: [{ path: 'data/big.bin', reason: 'it is larger than 20 MB and was not kept' }],
});
const answeredLater = answered.map((fact) => (fact.type === 'model.replied' ? { ...fact, turn: 39 } : fact));
const over = [...run, ...changed, ...answeredLater];

describe('what a call changed', () => {
  const open = panelSuite();

  it('stands below it, one file a line, and opens as a difference', async () => {
    const panel = await open({ events: logOf([...run, ...changed]) });
    const { page } = panel;
    const list = page.getByRole('list', { name: '6 files changed' });
    assert.equal(await list.getByRole('listitem').count(), 5);
    await page.getByRole('button', { name: 'tests/test_writer.py added, +40 −0, see the difference' }).press('Enter');
    const asked = { type: 'showChanges', runId, callId: 'call-37' } as const;
    assert.deepEqual(await panel.intention('showChanges'), { ...asked, path: 'tests/test_writer.py' });
    await page.getByRole('button', { name: 'See all 6 files that this call changed' }).click();
    assert.deepEqual(panel.sent.at(-1), asked);
    await panel.screenshot('changes-of-a-call');
  });

  it('is said by the call’s label, and waits in the body where the call names its one file', async () => {
    const panel = await open({ events: logOf([...run, ...changed]) });
    const { page } = panel;
    const line = page.getByRole('button', { name: /^Edit src\/cache\/writer\.py, .*1 file changed, \+0 −1$/ });
    assert.equal(await page.getByRole('list', { name: '1 file changed' }).isVisible(), false);
    await line.press('Enter');
    await page.getByRole('list', { name: '1 file changed' }).waitFor();
  });

  it('can be taken back from the call, from the turn, and with a key', async () => {
    const panel = await open({ events: logOf([...run, ...changed]) });
    const { page } = panel;
    await page.getByRole('button', { name: 'Restore files to before this call…' }).first().press('Enter');
    const { to } = await panel.intention('restoreFiles');
    assert.deepEqual(to, { kind: 'beforeCall', callId: 'call-37' });
    await page.locator('article[data-turn="36"]').focus();
    await page.keyboard.press('Shift+R');
    assert.deepEqual(panel.sent.at(-1), { type: 'restoreFiles', runId, to: { kind: 'turn', turn: 36 } });
    await page.locator('article[data-turn="38"]').hover();
    await page.locator('.turn-actions').getByRole('button', { name: 'Restore files to here…' }).click();
    assert.deepEqual(panel.sent.at(-1), { type: 'restoreFiles', runId, to: { kind: 'turn', turn: 38 } });
  });

  it('comes some time behind the call, and takes nobody’s focus', async () => {
    const working = [...run, ...changed.slice(0, -1)];
    const panel = await open({ events: logOf(working), run: { live: true } });
    const { page } = panel;
    const line = page.locator('article[data-turn="38"] .call-line');
    await line.focus();
    await add(panel, working, ...changed.slice(-1));
    assert.match((await line.getAttribute('aria-label')) ?? '', /1 file changed/);
    assert.equal(await page.evaluate('document.activeElement.className'), 'call-line');
  });

  it('can be put back for a fork, where the form asks', async () => {
    const panel = await open({ events: logOf([...run, ...changed]) });
    const { page } = panel;
    const choice = page.getByRole('checkbox', { name: 'Put the files back as they were then' });
    await page.locator('article[data-turn="38"]').focus();
    await page.keyboard.press('Shift+F');
    assert.equal(await choice.isVisible(), false);
    await page.keyboard.press('Escape');
    await page.locator('article[data-turn="37"]').focus();
    await page.keyboard.press('Shift+F');
    await choice.check();
    await panel.screenshot('changes-fork-form');
    await page.getByRole('textbox', { name: 'Note to the fork' }).press('Enter');
    assert.deepEqual(await panel.intention('fork'), { type: 'fork', runId, turn: 37, files: 'then' });
  });

  it('cannot be taken back where nothing may be done', async () => {
    const panel = await open({ events: logOf(over), setup: { trusted: false } });
    const { page } = panel;
    assert.equal(await page.getByRole('button', { name: 'Restore files to before this call…' }).count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Review' }).isVisible(), true);
    assert.equal(await page.getByRole('button', { name: 'Undo all…' }).isVisible(), false);
    await page.locator('article[data-turn="36"]').focus();
    await page.keyboard.press('Shift+R');
    assert.equal(await announced(panel), 'No files of this run can be put back here');
  });
});

describe('what a run changed', () => {
  const open = panelSuite();

  it('stands above the box, to be reviewed or undone', async () => {
    const panel = await open({ events: logOf(over), width: 250, height: 700 });
    const { page } = panel;
    const line = page.getByRole('group', { name: '6 files changed by this run' });
    await panel.screenshot('changes-of-a-run-250');
    const box = await line.boundingBox();
    assert.ok(box && box.height < 32 && box.x >= 0 && box.x + box.width <= 250, JSON.stringify(box));
    for (const name of ['Review', 'Undo all…']) {
      const at = await line.getByRole('button', { name }).boundingBox();
      assert.ok(at && at.x + at.width <= 250, `${name}: ${JSON.stringify(at)}`);
    }
    await line.getByRole('button', { name: 'Review' }).press('Enter');
    assert.deepEqual(await panel.intention('showChanges'), { type: 'showChanges', runId });
    await line.getByRole('button', { name: 'Undo all…' }).press('Enter');
    assert.deepEqual((await panel.intention('restoreFiles')).to, { kind: 'start' });
  });

  it('is in the menu', async () => {
    const panel = await open({ events: logOf(over) });
    const { page } = panel;
    const choose = async (name: string) => {
      await page.getByRole('button', { name: 'More' }).press('Enter');
      await page.getByRole('menuitem', { name }).press('Enter');
      return panel.sent.at(-1);
    };
    await page.getByRole('button', { name: 'More' }).press('Enter');
    await panel.screenshot('changes-menu');
    await page.keyboard.press('Escape');
    assert.deepEqual(await choose('Review the changes'), { type: 'showChanges', runId });
    assert.deepEqual(await choose('Keep only some changes…'), { type: 'keepSomeChanges', runId });
    assert.deepEqual(await choose('Restore files to a turn…'), {
      type: 'restoreFiles',
      runId,
      to: { kind: 'picked' },
    });
    assert.deepEqual(await choose('Undo all changes…'), { type: 'restoreFiles', runId, to: { kind: 'start' } });
  });

  it('is gone when it was undone, which reads as one line behind the end', async () => {
    const note: Fact = { type: 'note.added', text: 'I put 6 files back.', afterTurn: 39 };
    const panel = await open({ events: logOf([...over, restored, note]) });
    const { page } = panel;
    assert.equal(await page.locator('.run-changes').isVisible(), false);
    const words = '6 files put back as they were before the first turn; 1 file could not be put back';
    await page.getByRole('article', { name: words }).getByRole('button', { name: words }).press('Enter');
    assert.match(await page.getByRole('article', { name: words }).innerText(), /there again: src\/cache\/v1\.py/);
    assert.match(await page.getByRole('article', { name: words }).innerText(), /not put back: data\/big\.bin/);
    assert.equal(await page.locator('.end').count(), 1);
    await panel.screenshot('changes-undone');
    await page.getByRole('button', { name: 'Undo this…' }).press('Enter');
    const { to } = await panel.intention('restoreFiles');
    assert.deepEqual(to, { kind: 'beforeRestore', restore: { runId, number: 3 } });
  });

  it('says quietly where changes are not kept', async () => {
    const failed: Fact = { type: 'checkpoint.failed', reason: 'There is no space left for the checkpoints.' };
    const panel = await open({ events: logOf([...run, failed]), run: { live: true } });
    await panel.page.getByRole('article', { name: 'Changes cannot be undone from here on' }).waitFor();
    assert.equal(await panel.page.locator('.run-changes').isVisible(), false);
  });

  for (const theme of ['light', 'hcDark', 'hcLight'] as const) {
    it(`is drawn in ${theme}`, async () => {
      const panel = await open({ events: logOf(over), width: 300, theme });
      await panel.page.locator('article[data-turn="37"]').scrollIntoViewIfNeeded();
      assert.equal(await panel.page.getByRole('list', { name: '6 files changed' }).isVisible(), true);
      await panel.screenshot(`changes-${theme}`);
    });
  }
});
