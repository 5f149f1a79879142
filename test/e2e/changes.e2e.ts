import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { call, type Step } from '../fakes/scriptedServer.ts';
import { answerInput, runCommand, screenshot, webviewFrame } from '../harness/workbench.ts';
import { opened, workbench, type Opened } from './opened.ts';

const write = (path: string, content: string): Step => ({
  content: `<think>I write ${path}.</think>\n${call('workspace', 'write_file', { path, content })}`,
});
const command = (text: string): Step => ({
  content: `<think>The rest by a command.</think>\n${call('tool-python', 'run_command', { command: text, sandbox_id: 'none' })}`,
});
const known: Step = { content: '<think>That is all.</think>\nKnown.' };
const answer: Step = { content: 'It is written [README.md:1].\n\n\\boxed{written}' };
const script = [
  write('report.md', 'one\ntwo\nthree\n'),
  command('sed -i "s/^# Orrery/# Planetarium/" README.md; echo "The end." >> README.md; rm docs/units.md'),
  known,
  answer,
];

async function ask(page: Page): Promise<FrameLocator> {
  await runCommand(page, 'MiroThinker: Ask a Research Question');
  await answerInput(page, 'Write it.');
  const frame = await webviewFrame(page, '#panel');
  await frame.getByRole('article', { name: /^Answer: written/ }).waitFor();
  return frame;
}

/** The log of the only run. */
async function log(open: Opened): Promise<string> {
  const share = join(open.vscode?.dataDir ?? '', 'share/mirothinker');
  const [workspace = ''] = await readdir(share);
  const folder = join(share, workspace, 'runs');
  const [runId = ''] = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  return readFile(join(folder, runId, 'events.jsonl'), 'utf8');
}

/** A file of the workspace; undefined when it is not there. */
async function file(open: Opened, path: string): Promise<string | undefined> {
  return readFile(join(open.scratch?.workspace ?? '', path), 'utf8').catch(() => undefined);
}

const dialog = (page: Page) => page.locator('.monaco-dialog-box');

describe('what a run changed', () => {
  describe('from the panel', () => {
    const open = opened({ 'mirothinker.approval': 'sandbox' }, [...script, known, answer]);

    it('stands below its calls, opens as differences, and is undone in one click, and that by another', async () => {
      const readme = await readFile(join(open.scratch?.workspace ?? '', 'README.md'), 'utf8');
      const units = await file(open, 'docs/units.md');
      const page = await workbench(open);
      const frame = await ask(page);
      const changed = frame.getByRole('list', { name: '2 files changed' });
      await changed.getByRole('button', { name: 'README.md changed, +2 −1, see the difference' }).click();
      await page.locator('.monaco-diff-editor .view-line', { hasText: 'Planetarium' }).first().waitFor();
      await screenshot(page, 'changes-of-one-file');

      const line = frame.getByRole('group', { name: '3 files changed by this run' });
      await line.getByRole('button', { name: 'Review' }).click();
      const multi = page.locator('.multiDiffEntry');
      await multi.getByText('README.md').first().waitFor();
      await multi.getByText('report.md').first().waitFor();
      await screenshot(page, 'changes-review');

      await line.getByRole('button', { name: 'Undo all…' }).click();
      await dialog(page).getByText('Undo the changes of this run in 3 files?').waitFor();
      const detail = await dialog(page).innerText();
      assert.match(detail, /delete\s+report\.md/);
      assert.match(detail, /bring back\s+docs\/units\.md/);
      assert.match(detail, /change back\s+README\.md/);
      await screenshot(page, 'changes-undo-question');
      await dialog(page).getByRole('button', { name: 'Put Back' }).click();
      await frame.getByRole('article', { name: '3 files put back as they were before the first turn' }).waitFor();
      await line.waitFor({ state: 'hidden' });
      assert.deepEqual(
        [await file(open, 'README.md'), await file(open, 'docs/units.md'), await file(open, 'report.md')],
        [readme, units, undefined],
      );
      const facts = await log(open);
      assert.match(facts, /"kind":"restore"[^\n]*"docs\/units\.md"/);
      assert.match(facts, /"note\.added","text":"I put 3 files of the workspace back/);
      await screenshot(page, 'changes-undone-in-the-editor');

      await runCommand(page, 'MiroThinker: Restore Files to a Turn');
      await screenshot(page, 'changes-restore-pick');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'After turn 2' }).first().click();
      await dialog(page).getByRole('button', { name: 'Put Back' }).click();
      await frame.getByRole('article', { name: '3 files put back as they were after turn 2' }).waitFor();
      assert.equal(await file(open, 'report.md'), 'one\ntwo\nthree\n');

      const turn = frame.locator('article.turn[data-turn="1"]');
      await turn.hover();
      await turn.getByRole('button', { name: 'Fork from here…' }).click();
      await frame.getByRole('checkbox', { name: 'Put the files back as they were then' }).check();
      await frame.locator('.fork-form').getByText('Fork').click();
      await dialog(page).getByText('Fork, and put 2 files back as they were after turn 1?').waitFor();
      await dialog(page).getByRole('button', { name: 'Put Back' }).click();
      await frame.getByRole('article', { name: /^Fork: above is the run/ }).waitFor();
      await frame.getByRole('article', { name: '2 files put back as they were after turn 1' }).waitFor();
      await frame.getByRole('article', { name: /^Answer: written/ }).waitFor();
      assert.deepEqual([await file(open, 'README.md'), await file(open, 'docs/units.md')], [readme, units]);
      assert.equal(await file(open, 'report.md'), 'one\ntwo\nthree\n');
      await screenshot(page, 'changes-fork-with-files');
      await page.context().close();
    });
  });

  describe('in parts', () => {
    const open = opened({ 'mirothinker.approval': 'sandbox' }, script);

    it('is kept hunk by hunk; what is not ticked is taken back, and that is a fact', async () => {
      const page = await workbench(open);
      const frame = await ask(page);
      await frame.getByRole('button', { name: 'More' }).click();
      await frame.getByRole('menuitem', { name: 'Keep only some changes…' }).click();
      const row = (text: string) => page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
      await row('README.md:1').waitFor();
      await screenshot(page, 'changes-keep-some');
      await row('README.md:1').click();
      await row('the new file').click();
      await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
      await frame.getByRole('article', { name: /^1 file put back/ }).waitFor();
      const readme = (await file(open, 'README.md')) ?? '';
      assert.match(readme, /^# Orrery\n/);
      assert.match(readme, /\nThe end\.\n$/);
      assert.deepEqual([await file(open, 'report.md'), await file(open, 'docs/units.md')], [undefined, undefined]);
      const facts = await log(open);
      assert.match(facts, /"kind":"person"[^\n]*"README\.md"/);
      assert.match(facts, /I took back some of your changes in these files:\\n- README\.md/);
      await page.context().close();
    });
  });

  describe('in a file with changes that are not saved', () => {
    const open = opened({ 'mirothinker.approval': 'sandbox', 'files.autoSave': 'off' }, script);

    it('is put back only once a person said what becomes of those', async () => {
      const page = await workbench(open);
      const frame = await ask(page);
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget .quick-input-box input').fill('report.md');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'report.md' }).first().click();
      const editor = page.locator('.editor-instance .monaco-editor').first();
      await editor.locator('.view-line', { hasText: 'three' }).click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('mine');
      await frame.getByRole('button', { name: 'Undo all…' }).click();
      await dialog(page).getByText('With changes that are not saved: report.md').waitFor();
      await screenshot(page, 'changes-not-saved');
      await dialog(page).getByRole('button', { name: 'Leave Those Out' }).click();
      await frame.getByRole('article', { name: /^2 files put back/ }).waitFor();
      assert.equal(await file(open, 'report.md'), 'one\ntwo\nthree\n');
      await editor.locator('.view-line', { hasText: 'mine' }).waitFor();
      await frame.getByRole('button', { name: 'Undo all…' }).click();
      await dialog(page).getByRole('button', { name: 'Save Them First' }).click();
      await frame.getByRole('article', { name: /^1 file put back/ }).waitFor();
      assert.equal(await file(open, 'report.md'), undefined);
      assert.match(await log(open), /"kind":"person"[^\n]*"report\.md"/);
      await page.context().close();
    });
  });
});
