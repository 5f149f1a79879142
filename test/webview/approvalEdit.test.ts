import assert from 'node:assert/strict';
import { fromWebviewSchema } from '../../src/shared/protocol.ts';
import { logOf } from './logs.ts';
import { longRun } from './longRun.ts';
import { untilHolds } from './panelActs.ts';
import type { PanelPage } from './panelPage.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';
import { edited } from './runStates.ts';
import { approving, approvingEdit } from './trajectories.ts';

const run = longRun();

describe('editing a call that waits', () => {
  const open = panelSuite();
  const untilDecided = async (panel: PanelPage, act: () => Promise<void>) => {
    while (!panel.sent.some(({ type }) => type === 'approve')) {
      await act();
      await panel.page.evaluate('drawn()');
    }
    return panel.intention('approve');
  };

  it('opens a command as text with e, and Ctrl+Enter allows it as edited', async () => {
    const panel = await open({ events: logOf([...run, ...approving]), run: { live: true } });
    const { page } = panel;
    await page.keyboard.press('a');
    await page.keyboard.press('e');
    const area = page.getByRole('textbox', { name: 'Edit the command' });
    await area.fill('git log --since=2021\ngit status');
    await panel.screenshot('editing-a-command');
    await area.press('End');
    await area.press('Enter');
    assert.equal(await area.inputValue(), 'git log --since=2021\ngit status\n');
    const intention = await untilDecided(panel, () => area.press('Control+Enter'));
    assert.deepEqual(intention, {
      ...{ type: 'approve', runId, callId: 'call-37', decision: 'once' },
      arguments: { command: 'git log --since=2021\ngit status\n', sandbox_id: 'sb-81f2' },
    });
    assert.equal(fromWebviewSchema.safeParse(intention).success, true);
  });

  it('says in place what is no JSON, loses nothing, and sends nothing until it is right', async () => {
    const panel = await open({ events: logOf([...run, ...approvingEdit]), run: { live: true } });
    const { page } = panel;
    await page.getByRole('button', { name: 'Edit the arguments' }).press('Enter');
    const area = page.getByRole('textbox', { name: 'Edit the arguments as JSON' });
    const text = await area.inputValue();
    await area.fill(text.slice(0, -1));
    const problem = page.locator('.arguments-editor .problem');
    while ((await problem.innerText()) === '') {
      await area.press('Control+Enter');
      await page.evaluate('drawn()');
    }
    assert.match(await problem.innerText(), /This is not JSON yet/);
    await panel.screenshot('editing-arguments');
    assert.equal(await area.inputValue(), text.slice(0, -1));
    assert.equal(
      panel.sent.some(({ type }) => type === 'approve'),
      false,
    );
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.approval').isVisible(), true);
    await page.keyboard.press('Enter');
    assert.equal(
      panel.sent.some(({ type }) => type === 'approve'),
      false,
    );
    await area.fill(text.replace('write_v2', 'write_v3'));
    await page.keyboard.press('Escape');
    const intention = await untilDecided(panel, () => page.keyboard.press('Shift+Enter'));
    assert.equal(intention.decision, 'run');
    assert.match(JSON.stringify(intention.arguments), /write_v3/);
  });

  it('sends no arguments when nothing was changed, or the edit was dropped', async () => {
    const panel = await open({ events: logOf([...run, ...approving]), run: { live: true } });
    const { page } = panel;
    await page.getByRole('button', { name: 'Edit the arguments' }).press('Enter');
    await page.getByRole('textbox', { name: 'Edit the command' }).fill('rm -rf /');
    await page.getByRole('button', { name: 'Drop the edit' }).press('Enter');
    assert.equal(await page.locator('.what-waits').isVisible(), true);
    const intention = await untilDecided(panel, () => page.keyboard.press('Enter'));
    assert.deepEqual(intention, { type: 'approve', runId, callId: 'call-37', decision: 'once' });
  });

  it('keeps an edit over Escape, and over a view that is made anew', async () => {
    const events = logOf([...run, ...approving]);
    const panel = await open({ events, run: { live: true } });
    const { page } = panel;
    await page.getByRole('button', { name: 'Edit the arguments' }).press('Enter');
    const area = page.getByRole('textbox', { name: 'Edit the command' });
    await area.fill('git status');
    await area.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.evaluate('drawn()');
    assert.equal(await area.inputValue(), 'git status');
    assert.equal(await page.locator('.arguments-editor textarea:focus').count(), 1);
    assert.equal(await page.locator('.approval').isVisible(), true);
    const again = await open({ events, run: { live: true }, state: await page.evaluate('kept.state') });
    await untilHolds(again, again.page.getByRole('textbox', { name: 'Edit the command' }), 'git status');
    await again.page.getByRole('button', { name: 'Drop the edit' }).press('Enter');
    assert.match(await again.page.evaluate('JSON.stringify(kept.state)'), /"drafts":\[\]/);
  });

  it('has its buttons in view in a low and narrow panel, however long the text is', async () => {
    const panel = await open({
      ...{ events: logOf([...run, ...approvingEdit]), run: { live: true } },
      ...{ width: 250, height: 420 },
    });
    const { page } = panel;
    await page.getByRole('button', { name: 'Edit the arguments' }).press('Enter');
    const area = page.getByRole('textbox', { name: 'Edit the arguments as JSON' });
    await area.fill('{\n'.repeat(60));
    await page.evaluate('drawn()');
    await panel.screenshot('editing-low');
    for (const name of ['Allow once', 'Deny']) {
      const button = await page.locator('.approval .actions').getByText(name).boundingBox();
      assert.ok(button && button.y >= 0 && button.y + button.height <= 420, name);
    }
    const box = await page.locator('.box-place').boundingBox();
    assert.ok(box && box.y + box.height <= 420, 'the box is in view');
    const text = await area.boundingBox();
    assert.ok(text && text.height >= 40, 'some lines are in view');
    assert.equal(await page.evaluate('document.documentElement.scrollHeight'), 420);
  });

  it('shows afterwards that it was edited, and what the model had asked for', async () => {
    const panel = await open({ events: logOf([...run, ...edited]) });
    const call = panel.page.getByRole('button', { name: /^Run git log --since=2021.*edited by you, e41c09a Ines/ });
    await call.press('Enter');
    assert.match(await panel.page.locator('.as-requested').innerText(), /--since=2019/);
  });
});
