import assert from 'node:assert/strict';
import { logOf } from './logs.ts';
import { longRun } from './longRun.ts';
import type { PanelPage } from './panelPage.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';
import { edited, secondAttempt, steered, undone } from './runStates.ts';
import { answered } from './trajectories.ts';

const events = logOf([...longRun(), ...answered]);
const steering = logOf([...longRun(), ...undone, ...secondAttempt, ...edited, ...steered]);
const now = (events.at(-1)?.at ?? 0) + 4_200;
const feed = (panel: PanelPage) => panel.page.locator('.feed').innerHTML();
const rendered = (panel: PanelPage) => panel.page.locator('.markdown:not(.plain) .cite').first().waitFor();

describe('the panel after a reload', () => {
  const open = panelSuite();

  it('is the same, whether its facts came at once, in pages or one by one', async () => {
    const whole = await open({ events });
    await rendered(whole);
    const paged = await open({ events, pageSize: 7 });
    await rendered(paged);
    const live = await open({ events: events.slice(0, 1), run: { live: true, now } });
    for (const event of events.slice(1)) {
      await live.post({ type: 'events', runId, from: event.seq, events: [event], more: false });
    }
    await live.post({ type: 'run', runId, live: false, now });
    await rendered(live);
    const expected = await feed(whole);
    assert.equal(await feed(paged), expected);
    assert.equal(await feed(live), expected);
  });

  it('is the same for notes, queued questions, attempts, edited calls and undone turns', async () => {
    const parts = ['.feed', '.pending-notes', '.queue'];
    const shown = (panel: PanelPage) => Promise.all(parts.map((part) => panel.page.locator(part).innerHTML()));
    const whole = await open({ events: steering, run: { live: true, now } });
    const live = await open({ events: steering.slice(0, 1), run: { live: true, now } });
    for (const event of steering.slice(1)) {
      await live.post({ type: 'events', runId, from: event.seq, events: [event], more: false });
    }
    // Running clocks differ from frame to frame.
    const still = (html: readonly string[]) => html.map((part) => part.replace(/(data-since="\d+">)[\d:]*/g, '$1'));
    const expected = still(await shown(whole));
    assert.match(expected.join(''), /Undone, empty result.*edited by you.*Note, after this turn.*next: /s);
    assert.deepEqual(still(await shown(live)), expected);
  });

  it('keeps what a person opened, and the draft', async () => {
    const first = await open({ events });
    await first.page.locator('article[aria-label^="Turn 2,"] .call-line').click();
    await first.page.getByRole('textbox', { name: 'Question' }).fill('And who reviewed it?');
    const state: unknown = await first.page.evaluate('kept.state');
    const second = await open({ events, state });
    const call = second.page.locator('article[aria-label^="Turn 2,"] .call-line');
    assert.equal(await call.getAttribute('aria-expanded'), 'true');
    assert.equal(await second.page.getByRole('textbox', { name: 'Question' }).inputValue(), 'And who reviewed it?');
  });

  it('asks for the rest when a page is missing, and drops facts that it has', async () => {
    const panel = await open({ events: events.slice(0, 10), run: { live: true, now } });
    await panel.post({ type: 'events', runId, from: 20, events: events.slice(20, 30), more: false });
    assert.deepEqual(panel.sent.at(-1), { type: 'ready', runId, have: 10 });
    await panel.post({ type: 'events', runId, from: 5, events: events.slice(5, 12), more: false });
    assert.equal(await panel.page.locator('article.turn').count(), turnsIn(12));
  });

  it('empties for another run and ignores what comes of the old one', async () => {
    const panel = await open({ events });
    await panel.post({ type: 'run', runId: 'another', live: true, now });
    await panel.post({ type: 'events', runId, from: 0, events: events.slice(0, 20), more: false });
    assert.equal(await panel.page.locator('article').count(), 0);
  });

  it('takes a resumed run on where it stopped', async () => {
    const cut = events.slice(0, 30);
    const panel = await open({ events: cut });
    assert.match(await panel.page.locator('.end').innerText(), /Resume it to go on/);
    await panel.post({ type: 'run', runId, live: true, now });
    await panel.post({ type: 'events', runId, from: 30, events: events.slice(30, 60), more: false });
    assert.equal(await panel.page.locator('.end').count(), 0);
    assert.equal(await panel.page.locator('article.turn').count(), turnsIn(60));
  });
});

describe('what a person reads', () => {
  const open = panelSuite();

  it('does not move when turns arrive, and a pill says how many', async () => {
    const panel = await open({ events: events.slice(0, 60), run: { live: true, now } });
    const { page } = panel;
    await page.locator('.scroller').hover();
    const moved = page.evaluate(
      'new Promise((done) => document.querySelector(".scroller").addEventListener("scrollend", done))',
    );
    await page.mouse.wheel(0, -600);
    await moved;
    const top = () =>
      page.evaluate(`document.querySelector('article[aria-label^="Turn 15,"]').getBoundingClientRect().top`);
    const before = await top();
    await panel.post({ type: 'events', runId, from: 60, events: events.slice(60, 90), more: false });
    assert.equal(await top(), before);
    const fresh = turnsIn(90) - turnsIn(60);
    const pill = page.getByRole('button', { name: `${fresh} new turns` });
    await panel.screenshot('new-turns');
    await pill.click();
    assert.equal(await pill.isVisible(), false);
    const last = '[...document.querySelectorAll("article.turn")].at(-1).getBoundingClientRect()';
    assert.equal(await page.evaluate(`${last}.top > 0 && ${last}.top < innerHeight`), true);
  });

  it('follows the end while a person is there', async () => {
    const panel = await open({ events: events.slice(0, 60), run: { live: true, now } });
    await panel.post({ type: 'events', runId, from: 60, events: events.slice(60, 90), more: false });
    const scroller = 'document.querySelector(".scroller")';
    const gap = Number(
      await panel.page.evaluate(`${scroller}.scrollHeight - ${scroller}.scrollTop - ${scroller}.clientHeight`),
    );
    assert.ok(gap <= 2, `${gap} px from the end`);
  });
});

function turnsIn(count: number): number {
  return events.slice(0, count).filter(({ type }) => type === 'model.replied').length;
}
