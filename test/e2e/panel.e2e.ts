import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { call, type Step } from '../fakes/scriptedServer.ts';
import { answerInput, reloadWorkbench, runCommand, screenshot, toast, webviewFrame } from '../harness/workbench.ts';
import { opened, workbench, type Opened } from './opened.ts';

const command = (text: string): Step => ({
  content: `<think>I run something.</think>\n${call('tool-python', 'run_command', { command: text, sandbox_id: 'none' })}`,
});
const answer = (short: string): Step => ({ content: `It is so [README.md:1].\n\n\\boxed{${short}}` });

async function panel(page: Page): Promise<FrameLocator> {
  await page
    .locator('.activitybar .action-item', { has: page.locator('[aria-label^="MiroThinker"]') })
    .first()
    .click();
  return webviewFrame(page, '#panel');
}

/** Types into the panel's box and sends it with the keyboard, as a person does. */
async function type(frame: FrameLocator, text: string): Promise<void> {
  const box = frame.getByRole('textbox', { name: 'Question' });
  await box.fill(text);
  await box.press('Enter');
}

async function logs(open: Opened): Promise<readonly string[]> {
  const share = join(open.vscode?.dataDir ?? '', 'share/mirothinker');
  const [workspace = ''] = await readdir(share);
  const runs = (await readdir(join(share, workspace, 'runs'))).filter((name) => !name.startsWith('.'));
  return Promise.all(
    runs.toSorted().map((run) => readFile(join(share, workspace, 'runs', run, 'events.jsonl'), 'utf8')),
  );
}

describe('the panel', () => {
  describe('with a model server', () => {
    const open = opened({ 'mirothinker.approval': 'sandbox' }, [
      ...[{ content: 'Known.' }, answer('first')],
      ...[{ content: 'Known.' }, answer('second')],
      command('trap "" TERM; while :; do sleep 0.1; done'),
    ]);

    it('starts with its first steps, asks with a file mentioned, follows up in the same context, and stops a stubborn command', async () => {
      const page = await workbench(open);
      const frame = await panel(page);
      await frame.getByRole('textbox', { name: 'Question' }).waitFor();
      await screenshot(page, 'panel-empty');

      const box = frame.getByRole('textbox', { name: 'Question' });
      await box.pressSequentially('What is in @unit');
      await frame
        .getByRole('option', { name: /units\.md/ })
        .first()
        .waitFor();
      await screenshot(page, 'panel-mention');
      await box.press('Enter');
      await box.press('Enter');
      await frame.getByRole('article', { name: /^Answer: first/ }).waitFor();

      await type(frame, 'And then?');
      await frame.getByRole('article', { name: /^Answer: second/ }).waitFor();
      const [log = ''] = await logs(open);
      assert.match(log, /"mentions":\["docs\/units\.md"\]/);
      assert.match(log, /"type":"question.asked","question":"And then\?"/);
      const sent = open.server?.requests[2]?.text ?? '';
      assert.match(sent, /What is in/);
      assert.match(sent, /And then\?/);

      await type(frame, 'Go on?');
      await page.getByText('trap "" TERM').first().waitFor();
      await frame.getByRole('button', { name: 'Stop this run' }).click();
      await frame.getByRole('article', { name: /^Cancelled|^Stopped/ }).waitFor({ timeout: 2_000 });
      await screenshot(page, 'panel-stopped');
      await page.context().close();
    });
  });

  describe('when the window is reloaded during a run', () => {
    const open = opened({ 'mirothinker.approval': 'ask' }, [
      command('echo once >> ran.txt'),
      { content: 'Known.' },
      answer('resumed'),
    ]);

    it('shows the interrupted run again, and resumes it', async () => {
      const page = await workbench(open);
      await runCommand(page, 'MiroThinker: Ask a Research Question');
      await answerInput(page, 'What is it?');
      const frame = await webviewFrame(page, '#panel');
      await frame.getByRole('group', { name: 'Approval' }).waitFor();
      await reloadWorkbench(page);
      const again = await webviewFrame(page, '#panel');
      await again.getByText('echo once').first().waitFor();
      await screenshot(page, 'panel-interrupted');
      await again.getByRole('button', { name: 'Resume' }).click();
      const approval = again.getByRole('group', { name: 'Approval' });
      const finished = again.getByRole('article', { name: /^Answer: resumed/ });
      await approval.or(finished).first().waitFor();
      if (await approval.isVisible()) await approval.getByRole('button', { name: 'Allow once' }).click({ delay: 500 });
      await finished.waitFor();
      await page.context().close();
    });
  });

  describe('with a dead server', () => {
    const open = opened({ 'mirothinker.baseUrl': 'http://127.0.0.1:9/v1', 'mirothinker.model': 'some-model' });

    it('fails within seconds and says what to do; the run is in the list', async () => {
      const page = await workbench(open);
      await runCommand(page, 'MiroThinker: Ask a Research Question');
      await answerInput(page, 'What is it?');
      const frame = await webviewFrame(page, '#panel');
      await frame.getByText('127.0.0.1:9').first().waitFor({ timeout: 15_000 });
      await screenshot(page, 'panel-failed');
      await page.getByRole('button', { name: 'Runs Section' }).click();
      await page.locator('.tree-explorer-viewlet-tree-view, .pane-body').getByText('What is it?').first().waitFor();
      await screenshot(page, 'runs');
      await page.context().close();
    });
  });

  describe('hidden', () => {
    const open = opened({ 'mirothinker.approval': 'sandbox' }, [
      command('sleep 8'),
      { content: 'Known.' },
      answer('told'),
    ]);

    it('tells of the answer in a notification, and shows it when asked to', async () => {
      const page = await workbench(open);
      await runCommand(page, 'MiroThinker: Ask a Research Question');
      await answerInput(page, 'What is it?');
      const frame = await webviewFrame(page, '#panel');
      await frame.getByText('sleep 8').first().waitFor();
      await page
        .locator('.activitybar .action-item', { has: page.locator('[aria-label^="Explorer"]') })
        .first()
        .click();
      await page.locator('.statusbar-item', { hasText: 'Turn 1: run sleep 8' }).first().waitFor();
      const told = toast(page, 'MiroThinker has an answer: told');
      await told.waitFor();
      await screenshot(page, 'notification');
      await told.getByRole('button', { name: 'Show' }).click();
      await (await webviewFrame(page, '#panel')).getByRole('article', { name: /^Answer: told/ }).waitFor();
      await page.context().close();
    });
  });
});
