import assert from 'node:assert/strict';
import { fromWebviewSchema } from '../../src/shared/protocol.ts';
import type { Fact } from '../../src/shared/events.ts';
import { logOf } from './logs.ts';
import { longRun } from './longRun.ts';
import { add, announced, untilHolds } from './panelActs.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';
import { steered } from './runStates.ts';
import { acting } from './trajectories.ts';

const run = longRun();
const working = [...run, ...acting];
const now = 1_760_000_400_000;

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

  it('says of a run that stopped what becomes of notes and queued questions, below its end', async () => {
    const stopped = logOf([...run, ...steered, { type: 'run.ended', reason: 'cancelled' }]);
    const panel = await open({ events: stopped, ...{ width: 250, height: 420 } });
    const { page } = panel;
    const notes = page.locator('.pending-notes');
    assert.match(await notes.innerText(), /^Note, read when the run goes on: Look at the tests of 3\.8/);
    assert.match(
      await page.locator('.queue').innerText(),
      /^next, when the run goes on: And who reviewed.*then: Write/s,
    );
    await panel.screenshot('stopped-with-notes');
    const resume = await page.locator('.end .actions').boundingBox();
    const dock = await page.locator('.dock').boundingBox();
    assert.ok(resume && dock && resume.y + resume.height <= dock.y, 'the actions of the end are in view');
  });
});
