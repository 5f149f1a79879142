import assert from 'node:assert/strict';
import { fromWebviewSchema } from '../../src/shared/protocol.ts';
import { logOf } from './logs.ts';
import { longRun } from './longRun.ts';
import type { PanelPage } from './panelPage.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';
import { answered, approving } from './trajectories.ts';

const run = longRun();
const finished = logOf([...run, ...answered]);
const focused = (panel: PanelPage) =>
  panel.page.evaluate('document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.className ?? ""');

describe('the keyboard', () => {
  const open = panelSuite();

  it('reaches every control by Tab, and each has a name', async () => {
    for (const options of [
      { events: logOf([...run.slice(0, 24), ...approving]), run: { live: true } },
      { events: logOf([...run.slice(0, 24), ...answered]) },
      { setup: { configured: false, model: '', workspaceOpen: false, problem: 'No server answers.' } },
    ]) {
      const panel = await open(options);
      await panel.page.evaluate('document.activeElement?.blur()');
      const expected = Number(
        await panel.page.evaluate(
          `[...document.querySelectorAll('#panel button, #panel a, #panel vscode-button, #panel vscode-text-area, #panel vscode-text-field')].filter((e) => e.checkVisibility() && !e.disabled && e.getAttribute('tabindex') !== '-1').length`,
        ),
      );
      const reached = new Set<unknown>();
      const unnamed: unknown[] = [];
      for (let presses = 0; presses < expected + 12; presses++) {
        await panel.page.keyboard.press('Tab');
        const at = await panel.page.evaluate(
          `(() => { const e = document.activeElement; if (!e || e === document.body || e.tagName === 'MAIN') return null; e.dataset.tabbed ??= String(Math.random()); const name = e.getAttribute('aria-label') || e.ariaLabel || e.textContent.trim(); return [e.dataset.tabbed, name, e.outerHTML.slice(0, 120)]; })()`,
        );
        if (!Array.isArray(at)) continue;
        reached.add(at[0]);
        if (!at[1] || at[1] === 'Text area' || at[1] === 'Text field' || at[1] === 'Icon Button') unnamed.push(at[2]);
      }
      assert.deepEqual(unnamed, []);
      assert.ok(reached.size >= expected, `${reached.size} of ${expected} reached`);
    }
  });

  it('walks the turns with j and k, opens one with Enter, and goes to the answer', async () => {
    const panel = await open({ events: finished });
    const { page } = panel;
    await page.locator('.cite').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('g');
    assert.match(String(await focused(panel)), /^Turn 1,/);
    await page.keyboard.press('j');
    assert.match(String(await focused(panel)), /^Turn 2, Search “deprecat”, 14 lines in 5 files$/);
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('article[aria-label^="Turn 2,"] .hit').first().isVisible(), true);
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('article[aria-label^="Turn 2,"] .hit').first().isVisible(), false);
    await page.keyboard.press('k');
    assert.match(String(await focused(panel)), /^Turn 1,/);
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    assert.match(String(await focused(panel)), /^Answer: 4\.0/);
  });

  it('finds folded text with f, shows the keys with ?, and goes to the box with /', async () => {
    const panel = await open({ events: finished });
    const { page } = panel;
    await page.keyboard.press('f');
    await page.keyboard.type('ines okafor');
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('.find .count').innerText(), '1 of 3');
    const found = page.locator('article.found');
    assert.match((await found.getAttribute('aria-label')) ?? '', /^Turn 2, Search “deprecat”/);
    assert.equal(await found.getByText('Decided by: Ines Okafor').isVisible(), true);
    assert.equal(await page.evaluate('[...CSS.highlights.get("found")].map(String).join()'), 'Ines Okafor');
    await panel.screenshot('find');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    assert.equal(await page.getByRole('dialog', { name: 'Keys' }).isVisible(), true);
    await panel.screenshot('keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('j is only a letter here');
    assert.equal(await page.getByRole('textbox', { name: 'Question' }).inputValue(), 'j is only a letter here');
  });

  it('opens the menu, moves in it and closes it', async () => {
    const panel = await open({ events: finished });
    const { page } = panel;
    await page.getByRole('button', { name: 'More' }).press('Enter');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Copy the answer');
    await panel.screenshot('menu');
    await page.keyboard.press('Enter');
    assert.deepEqual(await panel.intention('copyAnswer'), { type: 'copyAnswer', runId });
    await page.getByRole('button', { name: 'More' }).press('Enter');
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('menu').isVisible(), false);
  });

  it('sends only intentions that the host understands', async () => {
    const panel = await open({ events: finished });
    const { page } = panel;
    await page.getByRole('textbox', { name: 'Question' }).fill('And who reviewed it?');
    await page.keyboard.press('Enter');
    assert.deepEqual(await panel.intention('followUp'), {
      type: 'followUp',
      runId,
      question: 'And who reviewed it?',
      mentions: [],
    });
    await page.getByRole('button', { name: 'Export the report' }).click();
    await page.getByRole('button', { name: /^Model:/ }).click();
    await panel.intention('connect');
    for (const message of panel.sent) assert.equal(fromWebviewSchema.safeParse(message).success, true, message.type);
  });
});

describe('an approval', () => {
  const open = panelSuite();
  const waiting = { events: logOf([...run, ...approving]), run: { live: true } };
  /** Keys are not taken in the first moments, so a person's patience is played here. */
  const untilDecided = async (panel: PanelPage, act: () => Promise<void>) => {
    while (!panel.sent.some(({ type }) => type === 'approve')) {
      await act();
      await panel.page.evaluate('drawn()');
    }
    return panel.intention('approve');
  };

  for (const [key, decision] of [
    ['Enter', 'once'],
    ['Shift+Enter', 'run'],
    ['Escape', 'deny'],
  ] as const) {
    it(`is decided by ${key}: ${decision}`, async () => {
      const panel = await open(waiting);
      const intention = await untilDecided(panel, () => panel.page.keyboard.press(key));
      assert.deepEqual(intention, { type: 'approve', runId, callId: 'call-37', decision });
      assert.equal(await panel.page.locator('.approval').isVisible(), false);
    });
  }

  it('carries a note', async () => {
    const panel = await open(waiting);
    await panel.page.getByRole('textbox', { name: 'Note to the model' }).fill('Not on main');
    const deny = panel.page.locator('.approval').getByText('Deny');
    const intention = await untilDecided(panel, () => deny.click({ timeout: 5_000 }));
    assert.deepEqual(intention, {
      type: 'approve',
      runId,
      callId: 'call-37',
      decision: 'deny',
      note: 'Not on main',
    });
  });

  it('is announced at once, and takes no key that was meant for the box', async () => {
    const panel = await open({ events: logOf(run), run: { live: true } });
    const { page } = panel;
    await page.getByRole('textbox', { name: 'Note to this run' }).fill('a draft');
    const events = waiting.events.slice(run.length);
    await panel.post({ type: 'events', runId, from: run.length, events, more: false });
    assert.match(
      await page.locator('[aria-live=assertive]').innerText(),
      /Allow Run git log.*It runs code in the sandbox/,
    );
    await page.keyboard.press('Enter');
    assert.deepEqual(await panel.intention('note'), { type: 'note', runId, text: 'a draft' });
    assert.equal(panel.sent.length, 2);
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    const intention = await untilDecided(panel, () => page.keyboard.press('Enter'));
    assert.equal(intention.decision, 'once');
  });
});

describe('the box', () => {
  const open = panelSuite();

  it('mentions files by keyboard, with spaces and unicode in their names', async () => {
    const panel = await open();
    const { page } = panel;
    const box = page.getByRole('textbox', { name: 'Question' });
    await box.click();
    await page.keyboard.type('Compare @no');
    assert.deepEqual(panel.sent.filter(({ type }) => type === 'findFiles').at(-1), { type: 'findFiles', query: 'no' });
    await panel.post({ type: 'files', query: 'n', paths: ['stale.md'] });
    assert.equal(await page.getByRole('listbox').isVisible(), false);
    await panel.post({
      type: 'files',
      query: 'no',
      paths: ['docs/notes.md', 'docs/my notes.md', 'docs/Überblick – Notiz.md'],
    });
    await panel.screenshot('mentions');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.equal(await box.inputValue(), 'Compare @"docs/my notes.md" ');
    await page.keyboard.type('with @Ü');
    await panel.post({ type: 'files', query: 'Ü', paths: ['docs/Überblick.md'] });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.deepEqual(await panel.intention('ask'), {
      type: 'ask',
      question: 'Compare @"docs/my notes.md" with @docs/Überblick.md',
      mentions: ['docs/my notes.md', 'docs/Überblick.md'],
    });
  });

  it('keeps the question when it is refused, and empties when it is taken', async () => {
    const panel = await open();
    const { page } = panel;
    const box = page.getByRole('textbox', { name: 'Question' });
    await box.fill('Why?');
    await box.press('Enter');
    await panel.post({ type: 'refused', message: 'No model server answers. Connect one first.' });
    assert.equal(await box.inputValue(), 'Why?');
    assert.match(await page.locator('.hint').innerText(), /No model server answers/);
    await panel.screenshot('refused');
    await box.press('Enter');
    await panel.post({ type: 'run', runId, live: true, now: 0 });
    await panel.post({ type: 'events', runId, from: 0, events: finished.slice(0, 1), more: false });
    assert.equal(await page.getByRole('textbox', { name: 'Note to this run' }).inputValue(), '');
  });

  it('asks nothing without a question, and says so', async () => {
    const panel = await open();
    await panel.page.getByRole('button', { name: 'Ask', exact: true }).click();
    assert.match(await panel.page.locator('.hint').innerText(), /Type a question first/);
    assert.deepEqual(
      panel.sent.map(({ type }) => type),
      ['ready'],
    );
  });
});
