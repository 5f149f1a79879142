import assert from 'node:assert/strict';
import { logOf } from './logs.ts';
import { longRun } from './longRun.ts';
import { add, announced, untilHolds } from './panelActs.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';
import { nested, rollouts } from './runStates.ts';
import { acting, answered } from './trajectories.ts';

const run = longRun();
const working = [...run, ...acting];
const now = 1_760_000_400_000;

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
    const majority = page.locator('.majority');
    assert.equal(await majority.innerText(), '2 of 3 so far, 67 %, say 4.0, decided by Ines Okafor; 1 still runs');
    assert.doesNotMatch(await announced(panel), /say/);
    assert.equal(await page.getByRole('button', { name: /^Rollout 1, 4\.0/ }).getAttribute('aria-current'), 'true');
    await page.getByRole('button', { name: 'Rollout 2, running, turn 12' }).press('Enter');
    assert.deepEqual(await panel.intention('openRun'), { type: 'openRun', runId: 'run-2' });
    await panel.post({ type: 'run', runId: 'run-2', live: true, now });
    assert.equal(await page.getByRole('button', { name: /^Rollout 2/ }).getAttribute('aria-current'), 'true');
    await panel.post({ type: 'run', runId: 'another', live: true, now });
    assert.equal(await page.locator('.rollouts').isVisible(), false);
  });
});

describe('many rollouts', () => {
  const open = panelSuite();
  const many = (ended: number) =>
    Array.from({ length: 16 }, (_, at) => {
      const one = { runId: at === 14 ? runId : `run-${at}`, index: at + 1, turns: 30 + at };
      return at < ended ? { ...one, state: 'answered' as const, boxed: '4.0' } : { ...one, state: 'running' as const };
    });

  it('take two lines, open with a key, and never take more than a third of the panel', async () => {
    const panel = await open({ events: logOf([...run, ...answered]), ...{ width: 250, height: 600 } });
    const { page } = panel;
    await panel.post({ type: 'rollouts', rollouts: many(3) });
    const height = async () => (await page.locator('.relatives').boundingBox())?.height ?? 0;
    await panel.screenshot('rollouts-many');
    assert.ok((await height()) < 56, `closed: ${await height()} px`);
    assert.equal(await page.getByRole('button', { name: 'Rollout 15' }).isVisible(), true);
    const more = page.getByRole('button', { name: /^\d+ more rollouts$/ });
    const shown = await page.locator('.rollout[data-run]:visible').count();
    assert.equal(await more.innerText(), `+${16 - shown}`);
    await more.press('Enter');
    assert.equal(await page.locator('.rollout[data-run]:visible').count(), 16);
    assert.ok((await height()) <= 180, `open: ${await height()} px`);
    await panel.post({ type: 'rollouts', rollouts: many(4) });
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Fewer');
  });

  it('announce what most of them say when all are over', async () => {
    const panel = await open({ events: logOf([...run, ...answered]) });
    const majority = { answer: '4.0', count: 12, of: 16 };
    await panel.post({ type: 'rollouts', rollouts: many(15), majority });
    assert.doesNotMatch(await announced(panel), /say/);
    await panel.post({ type: 'rollouts', rollouts: many(16), majority });
    assert.equal(await announced(panel), '12 of 16, 75 %, say 4.0');
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

  it('keeps the note of each turn, and the name of its field', async () => {
    const events = logOf([...run, ...answered]);
    const panel = await open({ events });
    const { page } = panel;
    const note = page.getByRole('textbox', { name: 'Note to the fork' });
    for (const key of ['g', 'g', 'Shift+F']) await page.keyboard.press(key);
    await note.fill('Leave the tests out');
    await note.press('Escape');
    for (const key of ['j', 'Shift+F']) await page.keyboard.press(key);
    await untilHolds(panel, note, '');
    await note.press('Escape');
    for (const key of ['k', 'Shift+F']) await page.keyboard.press(key);
    await untilHolds(panel, note, 'Leave the tests out');
    const again = await open({ events, state: await page.evaluate('kept.state') });
    for (const key of ['g', 'g', 'Shift+F']) await again.page.keyboard.press(key);
    await untilHolds(again, again.page.getByRole('textbox', { name: 'Note to the fork' }), 'Leave the tests out');
  });

  it('forks from the question by the menu', async () => {
    const panel = await open({ events: logOf([...run, ...answered]) });
    const { page } = panel;
    await page.getByRole('button', { name: 'More' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Fork from the question…' }).press('Enter');
    assert.match(await page.locator('.fork-form').innerText(), /begins again from the question/);
    await page.getByRole('textbox', { name: 'Note to the fork' }).fill('Ask otherwise');
    await page.keyboard.press('Enter');
    assert.deepEqual(await panel.intention('fork'), { type: 'fork', runId, turn: 0, note: 'Ask otherwise' });
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
