import assert from 'node:assert/strict';
import type { Fact } from '../../src/shared/events.ts';
import { logOf, settings, started } from './logs.ts';
import { longRun } from './longRun.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';
import { approving } from './trajectories.ts';

const run = longRun();
const [reply] = approving;

/** A call that waits with these words. */
function waiting(reason: string, scope?: string): readonly Fact[] {
  const asked = {
    type: 'approval.requested',
    callId: 'call-37',
    reason,
    ...(scope !== undefined && { scope }),
  } as const;
  return reply ? [...run, reply, asked] : [];
}

describe('what an approval would allow', () => {
  const open = panelSuite();
  const show = (facts: readonly Fact[]) => open({ events: logOf(facts), run: { live: true } });

  it('is said for this run, below the reason and to screen readers', async () => {
    const { page, screenshot } = await show(
      waiting('Your rule `git` asks first.', 'commands that begin with `git log`'),
    );
    assert.equal(await page.locator('.approval .reason').innerText(), 'Your rule git asks first.');
    assert.equal(await page.locator('.approval .scope').innerText(), 'For this run: commands that begin with git log.');
    assert.deepEqual(await page.locator('.approval .scope code').allInnerTexts(), ['git log']);
    const button = page.getByRole('button', { name: 'Allow for this run: commands that begin with git log' });
    assert.equal(await button.count(), 1);
    await screenshot('approval-scope');
  });

  it('is this tool where the log says nothing else', async () => {
    const { page } = await show(waiting('It runs code in the sandbox.'));
    assert.match(
      await page.locator('.approval .scope').innerText(),
      /^For this run: run_command, whatever it is given\.$/,
    );
  });

  it('is this call alone where nothing else can be allowed: then there is no button, and the keys do nothing', async () => {
    const panel = await show(waiting('It would run without confinement.', ''));
    const { page } = panel;
    assert.equal(await page.locator('.approval .scope').isVisible(), false);
    assert.equal(await page.getByRole('button', { name: 'Allow for this run' }).isVisible(), false);
    await page.keyboard.press('a');
    while (!panel.sent.some(({ type }) => type === 'approve')) {
      await page.keyboard.press('Shift+Enter');
      await page.keyboard.press('Enter');
      await page.evaluate('drawn()');
    }
    assert.equal((await panel.intention('approve')).decision, 'once');
  });

  it('is asked again, with the edited text, where the edit is not taken', async () => {
    const panel = await show(waiting('It runs code in the sandbox.', 'commands that begin with `git log`'));
    const { page } = panel;
    await page.keyboard.press('a');
    await page.keyboard.press('e');
    const area = page.getByRole('textbox', { name: 'Edit the command' });
    await area.fill('git push');
    while (!panel.sent.some(({ type }) => type === 'approve')) {
      await area.press('Control+Enter');
      await page.evaluate('drawn()');
    }
    assert.equal(await page.locator('.approval').isVisible(), false);
    const facts = waiting('It runs code in the sandbox.', 'commands that begin with `git log`');
    const why = 'It cannot run as it was edited: Your rule `git push` denies it. It stands in `git push`.';
    const all = logOf([
      ...facts,
      { type: 'approval.requested', callId: 'call-37', reason: why, scope: 'commands that begin with `git log`' },
    ]);
    const from = facts.length;
    await panel.post({ type: 'events', runId: runId, from, events: all.slice(from), more: false });
    assert.match(await page.locator('.approval .reason').innerText(), /cannot run as it was edited/);
    assert.equal(await area.inputValue(), 'git push');
    await panel.screenshot('approval-edit-refused');
  });
});

describe('a run that the repository narrows', () => {
  const open = panelSuite();

  it('says so while it begins', async () => {
    const words = ['denies commands: git push', 'network: off in place of on'];
    const repository = { tools: { ask: [], deny: [] }, commands: { ask: [], deny: ['git push'] }, words };
    const first = started({ settings: { ...settings, envelope: { ...settings.envelope, repository } } });
    const { page } = await open({ events: logOf([first]), run: { live: true } });
    const said = 'The repository narrows this run: denies commands: git push; network: off in place of on.';
    assert.equal(await page.locator('.notices').innerText(), said);
    const later = await open({ events: logOf([first, ...run.slice(1)]), run: { live: true } });
    assert.equal(await later.page.locator('.notices').isVisible(), false);
  });
});

describe('the start', () => {
  const open = panelSuite();

  it('says what a run may do, and opens where that is set', async () => {
    const panel = await open();
    const { page } = panel;
    assert.match(await page.locator('.start .permissions').innerText(), /asks before it changes files or runs code/);
    await page.getByRole('button', { name: 'Set what runs may do' }).click();
    assert.equal(panel.sent.at(-1)?.type, 'setEnvelope');
  });
});
