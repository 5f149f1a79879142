import assert from 'node:assert/strict';
import { checked, found, given } from './checkedAnswer.ts';
import { logOf } from './logs.ts';
import { add } from './panelActs.ts';
import { runId, type PanelPage } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';

const all = logOf([...given, checked, { type: 'run.ended', reason: 'answered' }]);

describe('the sources of an answer', () => {
  const open = panelSuite();
  const rendered = (panel: PanelPage) => panel.page.waitForSelector('.answer .markdown:not(.plain)');

  it('have a mark in words and an icon, the quote, and why it is not verified', async () => {
    const panel = await open({ events: all });
    await rendered(panel);
    const words = await panel.page.locator('.answer .sources').innerText();
    assert.match(words, /^CHANGELOG\.md:41\s+verified\s+The v1 cache format is gone/);
    assert.match(words, /blog[\s\S]*not found[\s\S]*The source says something else: “2021” where the quote has “2019”/);
    assert.match(words, /adr[\s\S]*partly verified[\s\S]*another source/);
    assert.match(words, /Not in the list of sources\s+not found/);
    assert.match(
      await panel.page.locator('.checked-sum').innerText(),
      /1 verified, 2 partly verified, 2 not found; 4 sentences cite nothing, 1 sentence goes beyond its source/,
    );
    assert.doesNotMatch(await panel.page.locator('.answer .markdown').innerText(), /Sources:/);
    await panel.screenshot('sources-checked');
    assert.deepEqual(panel.complaints, []);
  });

  it('open as they were read, at the quote, from the number in the text and with the keyboard', async () => {
    const panel = await open({ events: all });
    await rendered(panel);
    const number = panel.page.locator('.answer .markdown .cite').first();
    assert.equal(await number.getAttribute('aria-label'), 'Source 1, verified: CHANGELOG.md:41');
    await number.focus();
    await panel.page.keyboard.press('Enter');
    const sent = await panel.intention('openEvidence');
    assert.deepEqual(sent, { type: 'openEvidence', runId, ...found, span: { from: 5, to: 32 } });
  });

  it('get their marks when the check comes behind the answer', async () => {
    const panel = await open({ events: logOf(given), run: { live: true } });
    await rendered(panel);
    assert.equal(await panel.page.locator('.answer .mark.verified').count(), 0);
    assert.equal(await panel.page.locator('.live').isVisible(), false);
    await add(panel, given, checked);
    await panel.page.waitForSelector('.answer .mark.verified');
    await rendered(panel);
    assert.deepEqual(await panel.page.locator('.answer .unsupported').allInnerTexts(), [
      'It was a relief for',
      'everybody',
      'who had ever worked on it',
      'Nobody on the team objected to the removal at the time',
      ...['4.0', '1,250', 'May 2019', '4.1', '980', 'March 2020'],
      'Some 61 % of the tests were rewritten for it',
    ]);
    assert.deepEqual(await panel.page.locator('.answer .unsupported-why').allInnerTexts(), [
      ...['uncited', 'uncited', 'uncited', 'uncited'],
      'not in source 1: “61 %”',
    ]);
  });

  for (const theme of ['dark', 'light', 'hcDark'] as const) {
    it(`fit a narrow panel (${theme})`, async () => {
      const panel = await open({ events: all, width: 250, height: 900, theme });
      await rendered(panel);
      const wide = await panel.page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(wide <= 250, `${wide} px`);
      await panel.screenshot(`sources-${theme}-250`);
    });
  }
});
