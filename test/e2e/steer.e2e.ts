import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { deferred } from '../fakes/deferred.ts';
import { call, scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { answerInput, runCommand, screenshot, toast, webviewFrame } from '../harness/workbench.ts';
import { opened, workbench, type Opened } from './opened.ts';

const known: Step = { content: '<think>That is enough.</think>\nKnown.' };
const answer = (boxed: string): Step => ({ content: `It is so [README.md:1].\n\n\\boxed{${boxed}}` });
const look = `<think>I look at what there is.</think>\n${call('workspace', 'read_file', { path: 'README.md' })}`;
const command = (text: string) =>
  `<think>I run something.</think>\n${call('tool-python', 'run_command', { command: text, sandbox_id: 'none' })}`;

/** Asks by command and gives back the panel. */
async function ask(page: Page, question: string): Promise<FrameLocator> {
  await runCommand(page, 'MiroThinker: Ask a Research Question');
  await answerInput(page, question);
  return webviewFrame(page, '#panel');
}

/** The logs of the only workspace's runs by run id, oldest first. */
async function logs(open: Opened): Promise<ReadonlyMap<string, string>> {
  const share = join(open.vscode?.dataDir ?? '', 'share/mirothinker');
  const [workspace = ''] = await readdir(share);
  const folder = join(share, workspace, 'runs');
  const ids = (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted();
  return new Map(
    await Promise.all(ids.map(async (id) => [id, await readFile(join(folder, id, 'events.jsonl'), 'utf8')] as const)),
  );
}

describe('steering a run', () => {
  describe('from the panel', () => {
    const gate = deferred<undefined>();
    const open = opened({ 'mirothinker.approval': 'ask' }, [
      () => gate.promise.then(() => ({ content: look })),
      { content: command('echo asked > edited.txt') },
      known,
      answer('first'),
      known,
      answer('second'),
    ]);

    it('pauses, takes a note, goes on, runs a call as it was edited, and asks the queued question last', async () => {
      const page = await workbench(open);
      const frame = await ask(page, 'What is it?');
      await open.server?.request(0);
      await frame.getByRole('button', { name: 'Pause before the next step' }).click();
      const box = frame.getByRole('textbox', { name: 'Note to this run' });
      await box.fill('Mind the date.');
      await box.press('Enter');
      await frame.getByText('Mind the date.').first().waitFor();
      gate.resolve(undefined);
      await frame.locator('.state .activity', { hasText: 'paused' }).waitFor();
      assert.equal(open.server?.requests.length, 1);
      await screenshot(page, 'steer-paused');
      await frame.getByTitle('Continue').click();

      const approval = frame.getByRole('group', { name: 'Approval' });
      await approval.getByText('echo asked').first().waitFor();
      const messages = JSON.stringify(open.server.requests[1]?.body['messages']);
      assert.ok(messages.lastIndexOf('Mind the date.') > messages.lastIndexOf('README.md'), 'behind the observation');

      await box.fill('And then?');
      await box.press('Alt+Enter');
      await frame.getByText('And then?').first().waitFor();
      await approval.getByRole('button', { name: 'Edit the arguments' }).click({ delay: 500 });
      const editor = approval.getByRole('textbox', { name: 'Edit the command' });
      await editor.fill('echo edited > edited.txt');
      await screenshot(page, 'steer-edited-arguments');
      await approval.getByRole('button', { name: 'Allow once' }).click();

      await frame.getByRole('article', { name: /^Answer: second/ }).waitFor();
      const written = join(open.scratch?.workspace ?? '', 'edited.txt');
      assert.equal(await readFile(written, 'utf8'), 'edited\n');
      const [log = ''] = (await logs(open)).values();
      assert.ok(log.indexOf('"boxed":"first"') < log.indexOf('"question.asked","question":"And then?"'));
      await screenshot(page, 'steer-queued-answer');
      await page.context().close();
    });
  });

  describe('towards another end', () => {
    const open = opened({ 'mirothinker.approval': 'sandbox' }, [
      { content: look },
      { hang: 'prefill' },
      answer('so far'),
      known,
      answer('forked'),
    ]);

    it('answers now; forks from a turn with a note, the run that it comes from stays; shows a prompt', async () => {
      const page = await workbench(open);
      const frame = await ask(page, 'What is it?');
      await open.server?.request(1);
      await runCommand(page, 'MiroThinker: Answer Now, From What There Is');
      await frame.getByRole('article', { name: /^Answer: so far/ }).waitFor();
      const [[parent, before] = ['', '']] = await logs(open);

      const turn = frame.locator('article.turn[data-turn="1"]');
      await turn.hover();
      await turn.getByRole('button', { name: 'Fork from here…' }).click();
      const note = frame.getByRole('textbox', { name: 'Note to the fork' });
      await note.fill('Look elsewhere.');
      await screenshot(page, 'steer-fork-form');
      await note.press('Enter');
      await frame.getByRole('article', { name: /^Answer: forked/ }).waitFor();
      assert.match(open.server?.requests[3]?.text ?? '', /Look elsewhere\./);
      await screenshot(page, 'steer-forked');
      const all = await logs(open);
      assert.equal(all.size, 2);
      assert.equal(all.get(parent), before);

      await page.getByRole('button', { name: 'Runs Section' }).click();
      await page.locator('.pane-body').getByText(`fork of ${parent}`).first().waitFor();
      await screenshot(page, 'steer-runs');

      await runCommand(page, 'MiroThinker: Show the Prompt of a Turn');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Turn 1' }).first().click();
      await page.locator('.view-lines', { hasText: '"role": "system"' }).first().waitFor();
      await screenshot(page, 'steer-prompt');
      await page.context().close();
    });
  });

  describe('by asking several times', () => {
    const colours = ['blue', 'red', 'blue'];
    let given = 0;
    const open = opened(
      { 'mirothinker.approval': 'sandbox' },
      Array.from({ length: 6 }, (): Step => ({ text }) => {
        const final = text.includes('Known.');
        return final ? { content: `So it is.\n\n\\boxed{${colours[given++] ?? ''}}` } : { content: 'Known.' };
      }),
    );

    it('shows every rollout, and what most of them say', async () => {
      const page = await workbench(open);
      await runCommand(page, 'MiroThinker: Ask Several Times and Compare');
      await answerInput(page, 'Which colour?');
      await page.locator('.quick-input-widget', { hasText: 'How often is the question asked?' }).waitFor();
      await answerInput(page, '3');
      await toast(page, '2 of 3 rollouts (67 %) answer: blue').waitFor();
      const frame = await webviewFrame(page, '#panel');
      const beside = frame.getByRole('navigation', { name: 'Runs beside this one' });
      await beside.getByText('2 of 3, 67 %, say blue').waitFor();
      await screenshot(page, 'steer-rollouts');
      await beside.getByRole('button', { name: /^Rollout 2/ }).click();
      await frame.locator('.rollout[aria-current="true"]', { hasText: '2' }).waitFor();
      await page.getByRole('button', { name: 'Runs Section' }).click();
      await page.locator('.pane-body').getByText('rollout 2 of 3').first().waitFor();
      await screenshot(page, 'steer-rollouts-in-the-list');
      await page.context().close();
    });
  });

  describe('with several runs at once', () => {
    const open = opened({ 'mirothinker.approval': 'sandbox', 'mirothinker.subAgents': true }, [
      {
        content: `Someone else looks.\n${call('agent-browsing', 'search_and_browse', { subtask: 'Look at the units.' })}`,
      },
      known,
      answer('found'),
      { hang: 'prefill' },
      { hang: 'prefill' },
    ]);

    it('lists a subtask below its run, lets a run go on beside another question, and counts both', async () => {
      const page = await workbench(open);
      const frame = await ask(page, 'What is it?');
      await open.server?.request(3);
      await frame.getByRole('button', { name: 'More' }).click();
      await frame.getByRole('menuitem', { name: 'New question' }).click();
      const box = frame.getByRole('textbox', { name: 'Question' });
      await box.fill('And that?');
      await box.press('Enter');
      await open.server?.request(4);
      await page.locator('.statusbar-item', { hasText: /\+1$/ }).first().waitFor();

      await page.getByRole('button', { name: 'Runs Section' }).click();
      const tree = page.getByRole('tree', { name: 'Runs' });
      await tree
        .getByRole('treeitem', { name: /^What is it\?/ })
        .locator('.monaco-tl-twistie')
        .click();
      await tree.getByRole('treeitem', { name: /^Look at the units/ }).waitFor();
      await screenshot(page, 'steer-several-runs');
      await tree.getByRole('treeitem', { name: /^Look at the units/ }).click();
      await frame.getByRole('article', { name: /^Answer: found/ }).waitFor();
      await screenshot(page, 'steer-subtask');
      await runCommand(page, 'MiroThinker: Stop the Run');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'What is it?' }).first().click();
      await page
        .locator('.statusbar-item', { hasText: /Turn 1: / })
        .first()
        .waitFor();
      const all = await logs(open);
      assert.equal([...all.values()].filter((log) => log.includes('"reason":"cancelled"')).length, 1);
      await page.context().close();
    });
  });

  describe('when the server goes away', () => {
    let again: ScriptedServer | undefined;
    const open = opened({ 'mirothinker.approval': 'ask' }, [{ content: command('echo once >> ran.txt') }]);
    after(() => again?.close());

    it('waits, says so, and goes on by itself when it is back', async () => {
      const page = await workbench(open);
      const frame = await ask(page, 'What is it?');
      const approval = frame.getByRole('group', { name: 'Approval' });
      await approval.getByText('echo once').first().waitFor();
      const port = open.server?.port ?? 0;
      await open.server?.close();
      await approval.getByRole('button', { name: 'Allow once' }).click({ delay: 500 });
      await frame.locator('.state .activity', { hasText: 'waiting for the server' }).waitFor({ timeout: 60_000 });
      await screenshot(page, 'steer-server-away');
      again = await scriptedServer({ script: [known, answer('back')], port });
      await frame.getByRole('article', { name: /^Answer: back/ }).waitFor({ timeout: 90_000 });
      const [log = ''] = (await logs(open)).values();
      assert.match(log, /"type":"run\.waiting"/);
      assert.equal(await readFile(join(open.scratch?.workspace ?? '', 'ran.txt'), 'utf8'), 'once\n');
      await screenshot(page, 'steer-server-back');
      await page.context().close();
    });
  });
});
