import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { call, type Step } from '../fakes/scriptedServer.ts';
import {
  answerInput,
  reloadWorkbench,
  runCommand,
  screenshot,
  terminalText,
  toast,
  webviewFrame,
} from '../harness/workbench.ts';
import { opened, transcript, workbench } from './opened.ts';

const question = 'How long is the astronomical unit, and since when?';
const command = 'python3 -c "print(f\'light: {149597870700 / 299792458:.3f} s\')"';
const report = '# Astronomical unit\n\nExactly 149,597,870,700 m since August 2012.\n';
const script: readonly Step[] = [
  {
    content: `<think>The documents may define it: I look for the term.</think>\n${call('workspace', 'search_files', { pattern: 'astronomical unit' })}`,
  },
  {
    content: `<think>docs/units.md defines it. I read what it says of the date.</think>\n${call('workspace', 'read_file', { path: 'docs/units.md' })}`,
  },
  {
    content: `<think>It also names the light time of 499.005 s. I check the length against it.</think>\n${call('tool-python', 'run_command', { command, sandbox_id: 'none' })}`,
  },
  {
    content: `<think>They agree. I note it for the report.</think>\n${call('workspace', 'write_file', { path: 'report.md', content: report })}`,
  },
  { content: 'The length, its date and the check agree.' },
  {
    content:
      'Since August 2012 the astronomical unit is exactly 149,597,870,700 metres [docs/units.md:3]. Light needs 499.005 seconds for it [docs/units.md:7].\n\n\\boxed{149597870700 metres, since August 2012}',
  },
];

describe('from the palette to the answer', () => {
  describe('with a model server', () => {
    const open = opened({ 'mirothinker.approval': 'ask' }, script);

    it('asks, waits for approvals, runs in the terminal, writes the file, answers, and is the same after a reload', async () => {
      const page = await workbench(open);
      await page.setViewportSize({ width: 1280, height: 960 });
      await runCommand(page, 'MiroThinker: Ask a Research Question');
      await answerInput(page, question);
      const frame = await webviewFrame(page, '#panel');

      const approval = frame.getByRole('group', { name: 'Approval' });
      await approval.getByText('python3 -c').first().waitFor();
      await screenshot(page, 'approval-in-the-panel');
      await approval.getByRole('button', { name: 'Allow once' }).click({ delay: 500 });
      await approval.getByText('report.md').first().waitFor();
      assert.match(await terminalText(page), /light: 499\.005 s/);
      await approval.getByRole('button', { name: 'Allow once' }).click({ delay: 500 });

      await frame.getByRole('article', { name: /^Answer: 149597870700 metres/ }).waitFor();
      const written = join(open.scratch?.workspace ?? '', 'report.md');
      assert.equal(await readFile(written, 'utf8'), report);
      await frame
        .getByRole('link', { name: /^Source 1/ })
        .first()
        .waitFor();
      await screenshot(page, 'answer-in-the-panel');
      const before = await transcript(frame);
      assert.match(before, /The documents may define it/);

      await reloadWorkbench(page);
      const again = await webviewFrame(page, '#panel');
      await again.getByRole('article', { name: /^Answer: 149597870700 metres/ }).waitFor();
      await again
        .getByRole('link', { name: /^Source 1/ })
        .first()
        .waitFor();
      assert.equal(await transcript(again), before);
      await screenshot(page, 'answer-after-a-reload');

      await again
        .getByRole('link', { name: /^Source 1/ })
        .first()
        .click();
      await page.locator('.tab.active', { hasText: 'units.md' }).waitFor();
      await page.context().close();
    });
  });

  describe('with the embedded reader', () => {
    const open = opened({ 'mirothinker.baseUrl': 'http://127.0.0.1:9/v1', 'mirothinker.model': 'embedded' });

    it('answers with quotes from the workspace, and says that it is no language model', async () => {
      const page = await workbench(open);
      await runCommand(page, 'MiroThinker: Ask a Research Question');
      await answerInput(page, 'Which spacecraft first flew past Mercury?');
      const frame = await webviewFrame(page, '#panel');
      const answer = frame.getByRole('article', { name: /^Answer:/ });
      await answer.waitFor();
      await screenshot(page, 'embedded-reader');
      assert.match(await answer.innerText(), /not a language model/);
      assert.match(await answer.innerText(), /Mariner 10/);
      await page.context().close();
    });
  });

  describe('with nothing configured and no server', () => {
    const open = opened({});

    it('says so and offers the embedded reader, which then answers', async () => {
      const page = await workbench(open);
      await runCommand(page, 'MiroThinker: Ask a Research Question');
      await answerInput(page, 'Which spacecraft first flew past Mercury?');
      const offer = toast(page, 'No model server answers at http://127.0.0.1:8000/v1');
      await offer.waitFor();
      await screenshot(page, 'no-server');
      await offer.getByRole('button', { name: 'Use the embedded reader' }).click();
      const frame = await webviewFrame(page, '#panel');
      await frame.getByRole('article', { name: /^Answer:/ }).waitFor();
      await page.context().close();
    });
  });

  describe('in a workspace that is not trusted', () => {
    const open = opened({ 'mirothinker.model': 'embedded' }, undefined, { workspaceTrust: true });

    it('runs nothing and says why', async () => {
      const page = await workbench(open);
      await runCommand(page, 'MiroThinker: Ask a Research Question');
      await toast(page, 'This workspace is not trusted').waitFor();
      await screenshot(page, 'untrusted');
      await page.context().close();
    });
  });
});
