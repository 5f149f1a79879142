import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptedServer, type ScriptedServer } from '../fakes/scriptedServer.ts';
import { answerInput, runCommand, screenshot, webviewFrame } from '../harness/workbench.ts';
import { opened, workbench } from './opened.ts';

describe('connecting a model server', () => {
  let server: ScriptedServer | undefined;
  const key = 'a-key-of-the-test';
  const open = opened({});

  before(async () => {
    server = await scriptedServer({
      kind: 'vllm',
      models: [{ id: 'research-model', contextWindow: 40_960 }],
      apiKey: key,
      script: [{ content: 'Known.' }, { content: 'So it is.\n\n\\boxed{so}' }],
    });
  });
  after(() => server?.close());

  it('takes an address and a key, names the model, stores the choice, and not the key', async () => {
    const page = await workbench(open);
    await runCommand(page, 'MiroThinker: Set the API Key');
    await answerInput(page, key);
    await runCommand(page, 'MiroThinker: Connect a Model Server');
    const toast = page.locator('.notification-toast').getByRole('button', { name: 'Enter an address' });
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Enter an address' });
    await toast.or(row).first().waitFor({ timeout: 20_000 });
    await toast.or(row).first().click();
    await answerInput(page, server?.baseUrl ?? '');
    await page.locator('.statusbar-item', { hasText: 'research-model' }).first().waitFor();
    await screenshot(page, 'connected');

    await runCommand(page, 'MiroThinker: Ask a Research Question');
    await answerInput(page, 'Is it so?');
    const frame = await webviewFrame(page, '#panel');
    await frame.getByRole('article', { name: /^Answer: so/ }).waitFor();
    assert.equal(server?.requests[0]?.body['model'], 'research-model');
    assert.equal(server.requests[0].headers['authorization'], `Bearer ${key}`);
    const dataDir = open.vscode?.dataDir ?? '';
    const settings = await readFile(join(dataDir, 'data/Machine/settings.json'), 'utf8');
    assert.match(settings, /"mirothinker.model": "research-model"/);
    assert.doesNotMatch(settings, new RegExp(key));

    await runCommand(page, 'MiroThinker: Show the Trajectory in an Editor');
    await page.locator('.tab', { hasText: 'MiroThinker' }).first().waitFor();
    await page.context().close();
  });
});
