import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { fromWebviewSchema } from '../../src/shared/protocol.ts';
import type { Fact } from '../../src/shared/events.ts';
import { logOf } from './logs.ts';
import { longRun } from './longRun.ts';
import type { PanelPage } from './panelPage.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';
import { edited, nested, rollouts } from './runStates.ts';
import { acting, answered, approving, approvingEdit } from './trajectories.ts';

const run = longRun();
const working = [...run, ...acting];
const now = 1_760_000_400_000;
const announced = (panel: PanelPage) => panel.page.locator('[aria-live=polite]').innerText();
const add = async (panel: PanelPage, before: readonly Fact[], ...facts: readonly Fact[]) => {
  const from = before.length;
  await panel.post({ type: 'events', runId, from, events: logOf([...before, ...facts]).slice(from), more: false });
};
/** The kit writes a text into its field some frames after it was set. */
const untilHolds = async (panel: PanelPage, box: Locator, text: string) => {
  while ((await box.inputValue()) !== text) await panel.page.evaluate('drawn()');
};

describe('the header of a run that lives', () => {
  const open = panelSuite();

  it('pauses before the next step, says so, and goes on', async () => {
    const panel = await open({ events: logOf(working), run: { live: true } });
    const { page } = panel;
    await page.getByRole('button', { name: 'Pause before the next step' }).press('Enter');
    assert.deepEqual(await panel.intention('pause'), { type: 'pause', runId });
    await panel.post({ type: 'run', runId, live: true, pausing: true, now });
    assert.equal(await announced(panel), 'Pausing after this step');
    await page.getByRole('button', { name: 'Continue' }).press('Enter');
    assert.deepEqual(await panel.intention('goOn'), { type: 'goOn', runId });
    await panel.post({ type: 'run', runId, live: true, now });
    await page.getByRole('button', { name: 'Pause before the next step' }).waitFor();
  });

  it('asks for the answer now, until it was asked for', async () => {
    const panel = await open({ events: logOf(working), run: { live: true } });
    const { page } = panel;
    const menu = page.getByRole('button', { name: 'More' });
    await menu.press('Enter');
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Answer now');
    await panel.screenshot('menu-live');
    await page.keyboard.press('Enter');
    assert.deepEqual(await panel.intention('answerNow'), { type: 'answerNow', runId });
    await add(panel, working, { type: 'answer.requested', reason: 'asked', prompt: 'Answer.' });
    assert.match(await page.locator('.state').innerText(), /^\s*answer\s+asking the model/);
    await menu.press('Enter');
    assert.equal(await page.getByRole('menuitem', { name: 'Answer now' }).count(), 0);
  });

  it('tells how full the window is and what came from the cache', async () => {
    const panel = await open({ events: logOf(working), run: { live: true } });
    const gauge = panel.page.getByRole('meter', { name: 'Context used' });
    const detail =
      /^Context: 101k of 262k tokens of the window\. Read anew: \d+k of \d\.\dM prompt tokens; \d\.\dM came/;
    assert.match((await gauge.getAttribute('aria-valuetext')) ?? '', detail);
    assert.match((await gauge.getAttribute('title')) ?? '', detail);
  });

  it('can do nothing with a run of another window', async () => {
    const panel = await open({ events: logOf(working), run: { live: true, readOnly: 'It lives elsewhere.' } });
    const { page } = panel;
    assert.equal(await page.getByRole('button', { name: 'Pause before the next step' }).isVisible(), false);
    assert.equal(await page.locator('.queue-button').isVisible(), false);
    await page.getByRole('button', { name: 'More' }).press('Enter');
    assert.equal(await page.getByRole('menuitem', { name: 'Answer now' }).count(), 0);
  });

  it('leads to the other rollouts, and says what most of them say', async () => {
    const panel = await open({ events: logOf([...run, ...answered]) });
    const { page } = panel;
    await panel.post(rollouts);
    assert.equal(await announced(panel), '2 of 3 say 4.0, decided by Ines Okafor');
    assert.equal(await page.getByRole('button', { name: /^Rollout 1, 4\.0/ }).getAttribute('aria-current'), 'true');
    await page.getByRole('button', { name: 'Rollout 2, running, turn 12' }).press('Enter');
    assert.deepEqual(await panel.intention('openRun'), { type: 'openRun', runId: 'run-2' });
    await panel.post({ type: 'run', runId: 'run-2', live: true, now });
    assert.equal(await page.getByRole('button', { name: /^Rollout 2/ }).getAttribute('aria-current'), 'true');
    await panel.post({ type: 'run', runId: 'another', live: true, now });
    assert.equal(await page.locator('.rollouts').isVisible(), false);
  });
});

describe('the box while a run lives', () => {
  const open = panelSuite();

  it('adds a note with Enter and queues a question with Alt+Enter', async () => {
    const panel = await open({ events: logOf(working), run: { live: true } });
    const { page } = panel;
    const box = page.getByRole('textbox', { name: 'Note to this run' });
    await box.fill('Look at the tests as well.');
    await box.press('Enter');
    assert.deepEqual(await panel.intention('note'), { type: 'note', runId, text: 'Look at the tests as well.' });
    assert.equal(await box.inputValue(), 'Look at the tests as well.');
    const note: Fact = { type: 'note.added', text: 'Look at the tests as well.', afterTurn: 38 };
    await add(panel, working, note);
    await untilHolds(panel, box, '');
    assert.equal(await announced(panel), 'Note added');
    assert.match(await page.locator('.pending-notes').innerText(), /tests as well\.\s+Note, after this turn/);
    await box.fill('And who reviewed it?');
    await box.press('Alt+Enter');
    const asked = { question: 'And who reviewed it?', mentions: [] };
    assert.deepEqual(await panel.intention('queue'), { type: 'queue', runId, ...asked });
    await add(panel, [...working, note], { type: 'question.queued', ...asked });
    assert.equal(await announced(panel), 'Question queued');
    assert.equal(await page.getByRole('list', { name: 'Queued questions' }).innerText(), 'next: And who reviewed it?');
    for (const message of panel.sent) assert.equal(fromWebviewSchema.safeParse(message).success, true, message.type);
  });

  it('queues with the button too, and keeps what is typed on before the note shows', async () => {
    const panel = await open({ events: logOf(working), run: { live: true } });
    const { page } = panel;
    const box = page.getByRole('textbox', { name: 'Note to this run' });
    await box.fill('One.');
    await box.press('Enter');
    await box.pressSequentially(' Two.');
    await add(panel, working, { type: 'note.added', text: 'One.', afterTurn: 38 });
    await untilHolds(panel, box, 'Two.');
    await page.getByRole('button', { name: 'Queue as a follow-up question' }).press('Enter');
    assert.equal((await panel.intention('queue')).question, 'Two.');
  });

  it('sends a text once, however often Enter is pressed before it shows', async () => {
    const panel = await open({ events: logOf(working), run: { live: true } });
    const box = panel.page.getByRole('textbox', { name: 'Note to this run' });
    await box.fill('Once.');
    for (const key of ['Enter', 'Enter', 'Alt+Enter', 'Alt+Enter']) await box.press(key);
    await panel.intention('queue');
    const kinds = panel.sent.map(({ type }) => type).filter((type) => type !== 'ready' && type !== 'findFiles');
    assert.deepEqual(kinds, ['note', 'queue']);
    await panel.post({ type: 'refused', message: 'Not now.' });
    await box.press('Enter');
    assert.equal(panel.sent.filter(({ type }) => type === 'note').length, 2);
  });

  it('gives a question to the run that it starts, and never again as a note', async () => {
    const panel = await open();
    const { page } = panel;
    const box = page.getByRole('textbox', { name: 'Question' });
    await box.fill('Who decided it?');
    await box.press('Enter');
    await box.press('Enter');
    await panel.intention('ask');
    assert.equal(panel.sent.filter(({ type }) => type === 'ask').length, 1);
    assert.match(await page.evaluate('JSON.stringify(kept.state)'), /"draft":""/);
    await panel.post({ type: 'run', runId, live: true, now });
    await panel.post({ type: 'events', runId, from: 0, events: logOf(working), more: false });
    await untilHolds(panel, page.getByRole('textbox', { name: 'Note to this run' }), '');
    await page.getByRole('textbox', { name: 'Note to this run' }).press('Enter');
    assert.equal(await page.locator('.hint').innerText(), 'Type a note first.');
  });

  it('keeps a note that was refused, and says why', async () => {
    const panel = await open({ events: logOf(working), run: { live: true } });
    const box = panel.page.getByRole('textbox', { name: 'Note to this run' });
    await box.fill('Too late.');
    await box.press('Enter');
    await panel.post({ type: 'refused', message: 'The run has ended, so it takes no note. Ask a follow-up question.' });
    assert.equal(await box.inputValue(), 'Too late.');
    assert.match(await panel.page.locator('.hint').innerText(), /takes no note/);
  });

  it('moves a note into the flow when its turn has come', async () => {
    const panel = await open({ events: logOf(run), run: { live: true } });
    const note: Fact = { type: 'note.added', text: 'The fixtures do not count.', afterTurn: 37 };
    await add(panel, run, note);
    assert.equal(await panel.page.locator('.feed .note').count(), 0);
    await add(panel, [...run, note], ...acting);
    assert.equal(await panel.page.locator('.pending-notes').isVisible(), false);
    const last = panel.page.locator('.feed > :last-child');
    assert.equal(await last.getAttribute('aria-label'), 'Note: The fixtures do not count.');
  });
});

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

  it('shows afterwards that it was edited, and what the model had asked for', async () => {
    const panel = await open({ events: logOf([...run, ...edited]) });
    const call = panel.page.getByRole('button', { name: /^Run git log --since=2021.*edited by you, e41c09a Ines/ });
    await call.press('Enter');
    assert.match(await panel.page.locator('.as-requested').innerText(), /--since=2019/);
  });
});

describe('the actions of a turn', () => {
  const open = panelSuite();

  it('opens the context of the turn that has the focus with x', async () => {
    const panel = await open({ events: logOf([...run, ...answered]) });
    const { page } = panel;
    await page.keyboard.press('x');
    assert.equal(await announced(panel), 'Go to a turn first, with j or k');
    await page.keyboard.press('g');
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    assert.deepEqual(await panel.intention('showPrompt'), { type: 'showPrompt', runId, turn: 2 });
  });

  it('forks from the turn with F, with a note or without', async () => {
    const panel = await open({ events: logOf([...run, ...answered]) });
    const { page } = panel;
    await page.keyboard.press('g');
    await page.keyboard.press('g');
    await page.keyboard.press('Shift+F');
    await page.keyboard.press('Escape');
    assert.match(String(await page.evaluate('document.activeElement.getAttribute("aria-label")')), /^Turn 1,/);
    await page.keyboard.press('Shift+F');
    await page.keyboard.type('Leave the tests out');
    await panel.screenshot('fork');
    await page.keyboard.press('Enter');
    assert.deepEqual(await panel.intention('fork'), { type: 'fork', runId, turn: 1, note: 'Leave the tests out' });
    assert.equal(await page.locator('.fork-form').count(), 0);
    await page.keyboard.press('Shift+F');
    await page.keyboard.press('Enter');
    assert.deepEqual(panel.sent.at(-1), { type: 'fork', runId, turn: 1 });
  });

  it('shows them under the pointer', async () => {
    const panel = await open({ events: logOf([...run, ...answered]) });
    const { page } = panel;
    await page.locator('article[aria-label^="Turn 36,"]').hover();
    await page.getByRole('button', { name: 'Context of this turn' }).click();
    assert.equal((await panel.intention('showPrompt')).turn, 36);
    await page.getByRole('button', { name: 'Fork from here…' }).click();
    await page.locator('.fork-form').getByText('Fork').click();
    assert.equal((await panel.intention('fork')).turn, 36);
  });

  it('forks nothing where nothing can be started', async () => {
    const panel = await open({ events: logOf(run), setup: { trusted: false } });
    const { page } = panel;
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await page.keyboard.press('Shift+F');
    assert.equal(await page.locator('.fork-form').count(), 0);
    assert.equal(await announced(panel), 'Nothing can be started here');
  });

  it('opens the trajectory of a nested run', async () => {
    const panel = await open({ events: logOf([...run, ...nested]), run: { live: true } });
    const { page } = panel;
    await page.getByRole('button', { name: /^Subtask Find who announced/ }).press('Enter');
    await page.getByRole('link', { name: 'Open its trajectory' }).press('Enter');
    assert.deepEqual(await panel.intention('openRun'), { type: 'openRun', runId: '20251009-085911-d4e5f6' });
  });
});
