import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { call, type Step } from '../fakes/scriptedServer.ts';
import { answerInput, clickActivityBar, runCommand, screenshot, webviewFrame } from '../harness/workbench.ts';
import { opened, workbench } from './opened.ts';

const command = (text: string): Step => ({
  content: `<think>I run something.</think>\n${call('tool-python', 'run_command', { command: text, sandbox_id: 'none' })}`,
});

describe('what runs may do', () => {
  const rules = { allow: [], ask: ['git tag'], deny: ['git push'] };
  const open = opened({ 'mirothinker.approval': 'ask', 'mirothinker.rules.commands': rules }, [
    command('ls; git push'),
    command('git tag -l first'),
    command('git tag -l second'),
    { content: 'Known.' },
    { content: 'It is so.\n\n\\boxed{so}' },
  ]);

  it('is said before a run, set by a command, narrowed by the repository, and asked about with reason and scope', async () => {
    const page = await workbench(open);
    await clickActivityBar(page, 'MiroThinker');
    const frame = await webviewFrame(page, '#panel');
    const may = frame.locator('.permissions');
    await may.getByText('asks before it changes files or runs code').waitFor();

    await runCommand(page, 'MiroThinker: Set What Runs May Do');
    await answerInput(page, 'Work in the sandbox unattended');
    await may.getByText('Reads, changes files, runs code in the sandbox · no network · 2 rules').waitFor();
    const settings = await readFile(join(open.vscode?.dataDir ?? '', 'data/Machine/settings.json'), 'utf8');
    assert.match(settings, /"mirothinker.approval": "sandbox"/);

    const file = join(open.scratch?.workspace ?? '', '.mirothinker.json');
    await writeFile(file, '{ "commands": ');
    await frame.getByText('Nothing runs until it is mended or removed.').waitFor();
    assert.equal(await may.count(), 0);
    await frame.getByRole('button', { name: 'Open the file' }).click();
    await page.getByRole('tab', { name: /^\.mirothinker\.json/ }).waitFor();

    const narrowing = JSON.stringify({ commands: { deny: ['wget'] } });
    await writeFile(file, narrowing);
    await frame.locator('.narrowing li', { hasText: 'denies commands: wget' }).waitFor();
    await screenshot(page, 'permissions');

    const box = frame.getByRole('textbox', { name: 'Question' });
    await box.fill('Is it so?');
    await box.press('Enter');
    const dock = frame.locator('.approval');
    await dock.getByText('Your rule git tag asks first.').waitFor();
    assert.equal(await dock.locator('.scope').innerText(), 'For this run: commands that begin with git tag.');
    await screenshot(page, 'approval-by-a-rule');
    await frame.getByRole('button', { name: 'Allow for this run' }).click({ delay: 500 });
    await frame.getByRole('article', { name: /^Answer: so/ }).waitFor();
    const told = open.server?.requests.map(({ text }) => text).join('\n') ?? '';
    assert.match(told, /a rule that the person set denies commands like `git push`/);
    await page.context().close();
  });
});
