import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { call } from '../fakes/scriptedServer.ts';
import type { LocalServer } from '../harness/localServer.ts';
import { pageServer, type PageServer } from '../harness/pageServer.ts';
import { startSearx } from '../harness/searx.ts';
import { answerInput, runCommand, screenshot, toast, webviewFrame } from '../harness/workbench.ts';
import { opened, workbench } from './opened.ts';

const dialog = (page: Page) => page.locator('.monaco-dialog-box');
const row = (page: Page, text: string) => page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
const status = (page: Page, text: RegExp) => page.locator('.statusbar-item', { hasText: text }).first();
const tab = (page: Page, text: string) => page.locator('.tab.active', { hasText: text });

/**
 * Answers a dialog for files with what it proposes, or with a path, once it lists the folder where it begins. While it lists
 * it takes no Enter: the same again until it is gone.
 */
async function answerFileDialog(page: Page, path?: string): Promise<void> {
  const widget = page.locator('.quick-input-widget');
  const input = widget.locator('.quick-input-box input');
  await row(page, 'docs').waitFor();
  for (let tries = 0; tries < 10 && (await widget.isVisible()); tries++) {
    const typing = path === undefined ? Promise.resolve() : input.fill(path, { timeout: 2_000 });
    const answering = typing.then(() => input.press('Enter', { timeout: 2_000 }));
    await answering.then(() => widget.waitFor({ state: 'hidden', timeout: 2_000 })).catch(() => undefined);
  }
}

const fact = 'The harbour of Orrery was finished in the spring of 1893 by a crew of forty.';
const filler = (first: number) =>
  Array.from({ length: 40 }, (_, at) => `<p>Paragraph ${first + at} speaks of other matters, at some length.</p>`);
const html = `<html><head><title>Programming FAQ</title></head><body><article><h1>Programming FAQ</h1>
${[...filler(1), `<p>${fact}</p>`, ...filler(41)].join('\n')}</article></body></html>`;
const light = 'Light needs about 499.005 seconds for one astronomical unit';

describe('finding things out', () => {
  let pages: PageServer | undefined;
  let searx: LocalServer | undefined;
  const url = () => `${pages?.origin ?? ''}/faq/programming.html`;
  const open = opened({ 'mirothinker.approval': 'sandbox' }, [
    { content: `I search.\n${call('search_and_scrape_webpage', 'google_search', { q: 'programming' })}` },
    () =>
      Promise.resolve({
        content: `I read it.\n${call('jina_scrape_llm_summary', 'scrape_and_extract_info', { url: url(), info_to_extract: 'When was the harbour finished?' })}`,
      }),
    { content: fact },
    { content: `I read a file.\n${call('workspace', 'read_file', { path: 'docs/units.md' })}` },
    { content: 'Known.' },
    () =>
      Promise.resolve({
        content: `The harbour was finished in 1893 [1]. Light needs about 499.005 seconds for one astronomical unit [2].\n\nSources:\n[1] ${url()} "${fact}"\n[2] docs/units.md:7 "${light}"\n\n\\boxed{1893}`,
      }),
    { content: 'Known.' },
    { content: 'It says so.\n\n\\boxed{attached}' },
  ]);
  const inWorkspace = (path: string) => join(open.scratch?.workspace ?? '', path);
  const settings = () => readFile(join(open.vscode?.dataDir ?? '', 'data/Machine/settings.json'), 'utf8');
  // What one test sets up and finds, the next one uses.
  const shown: { page?: Page } = {};
  const window = () => {
    assert.ok(shown.page);
    return shown.page;
  };
  before(async () => {
    pages = await pageServer();
    pages.at('/faq/programming.html', html);
    searx = await startSearx({ site: `${pages.origin}/faq/` });
    shown.page = await workbench(open);
  });
  after(async () => {
    await searx?.close();
    await pages?.close();
  });

  it('begins with a search that is picked, typed, tried, and typed anew where it does not answer', async () => {
    const page = window();
    await runCommand(page, 'MiroThinker: Set Up Search');
    await row(page, 'Serper').waitFor();
    await screenshot(page, 'search-offers');
    await row(page, 'SearXNG').click();
    await answerInput(page, 'http://127.0.0.1:9');
    await dialog(page).getByText('SearXNG at http://127.0.0.1:9 runs on this machine').waitFor();
    await screenshot(page, 'search-this-machine');
    await dialog(page).getByRole('button', { name: 'Allow' }).click();
    const dead = toast(page, /SearXNG at .*:9 does not answer/);
    const change = dead.getByRole('button', { name: 'Change the Address' });
    await change.waitFor();
    await screenshot(page, 'search-dead');
    assert.doesNotMatch(await settings(), /search\.providers/);
    await change.click();
    await answerInput(page, searx?.url ?? '');
    await toast(page, /Runs search with SearXNG from now on\. .* answers/).waitFor();
    await screenshot(page, 'search-answers');
    assert.match(await settings(), /"mirothinker\.search\.providers": \[\s*\{\s*"provider": "searxng"/);
    assert.match(await settings(), /"mirothinker\.web\.allowLoopback": true/);
  });

  it('lets the trial of a server that says nothing be stopped', async () => {
    const page = window();
    const asked = Promise.withResolvers<undefined>();
    const silent = createServer(() => asked.resolve(undefined)).listen(0, '127.0.0.1');
    try {
      await once(silent, 'listening');
      const address = silent.address();
      const before = await settings();
      await runCommand(page, 'MiroThinker: Set Up Search');
      await row(page, 'SearXNG').click();
      await answerInput(page, `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
      await asked.promise;
      const trying = toast(page, 'Trying a search with SearXNG');
      await trying.getByRole('button', { name: 'Cancel' }).click();
      await trying.waitFor({ state: 'detached' });
      assert.equal(await toast(page, /does not answer/).count(), 0);
      assert.equal(await settings(), before);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  it('gives citations that open what was read, as it was read, at the quote', async () => {
    const page = window();
    await runCommand(page, 'MiroThinker: Ask a Research Question');
    await answerInput(page, 'When was the harbour finished?');
    const frame = await webviewFrame(page, '#panel');
    await frame.getByRole('article', { name: /^Answer: 1893/ }).waitFor();
    await frame.getByRole('link', { name: 'Source 1, verified: Programming FAQ' }).click();
    await tab(page, 'programming.html').waitFor();
    await status(page, new RegExp(`\\(${fact.length} selected\\)`)).waitFor();
    await screenshot(page, 'evidence-page');

    const cited = frame.getByRole('link', { name: /^Source 2, verified/ });
    await cited.click();
    await tab(page, 'units.md').waitFor();
    await status(page, new RegExp(`^Ln \\d+, Col \\d+ \\(${light.length} selected\\)`)).waitFor();
    const units = await readFile(inWorkspace('docs/units.md'), 'utf8');
    await writeFile(inWorkspace('docs/units.md'), units.replace('499.005', '500'));
    await page.locator('.monaco-editor .view-line', { hasText: 'about 500 seconds' }).waitFor();
    await cited.click();
    await tab(page, 'docs∕units.md (read ').waitFor();
    await status(page, new RegExp(`\\(${light.length} selected\\)`)).waitFor();
    await screenshot(page, 'evidence-file-changed');
    const line = await page.locator('.editor-group-container.active .view-line', { hasText: '499.005' }).innerText();
    assert.doesNotMatch(line, /^\d/);
  });

  it('gives a report that the save dialog keeps, and that opens', async () => {
    const page = window();
    const frame = await webviewFrame(page, '#panel');
    for (const { label, ending } of [
      { label: 'Markdown', ending: 'md' },
      { label: 'HTML', ending: 'html' },
    ]) {
      await frame.getByRole('button', { name: 'Export the report' }).click();
      await row(page, label).click();
      await answerFileDialog(page);
      const written = toast(page, new RegExp(`report was written to .*/report-.*\\.${ending}`));
      await written.getByRole('button', { name: 'Open' }).click();
      const [name = ''] = (await readdir(inWorkspace('.'))).filter(
        (each) => each.endsWith(`.${ending}`) && each.startsWith('report-'),
      );
      await tab(page, name).waitFor();
      await screenshot(page, `export-${ending}`);
      assert.match(await readFile(inWorkspace(name), 'utf8'), /Programming FAQ/);
    }
  });

  it('takes a file that the picker attaches', async () => {
    const page = window();
    await writeFile(inWorkspace('letter.txt'), 'The mooring was paid for by the guild.');
    const frame = await webviewFrame(page, '#panel');
    await runCommand(page, 'MiroThinker: Attach Files…');
    await answerFileDialog(page, inWorkspace('letter.txt'));
    await frame.getByText('letter.txt').first().waitFor();
    await screenshot(page, 'attached');
    const box = frame.getByRole('textbox').last();
    await box.fill('Who paid?');
    await box.press('Enter');
    await frame.getByRole('article', { name: /^Answer: attached/ }).waitFor();
    const requests = open.server?.requests ?? [];
    assert.match(JSON.stringify(requests.at(-1)?.body['messages']), /The mooring was paid for by the guild/);
    await screenshot(page, 'attached-answer');
  });
});
