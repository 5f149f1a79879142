import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { call } from '../fakes/scriptedServer.ts';
import { answerInput, runCommand, screenshot, toast, webviewFrame } from '../harness/workbench.ts';
import { odd } from '../tools/mcp/mcpPlace.ts';
import { opened, workbench } from './opened.ts';

const answer = (boxed: string) => [{ content: 'Known.' }, { content: `It is so.\n\n\\boxed{${boxed}}` }];
const dialog = (page: Page) => page.locator('.monaco-dialog-box');
const row = (page: Page, text: string) => page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();

describe('MCP servers', () => {
  const open = opened({ 'mirothinker.approval': 'ask', 'mirothinker.mcp.disabledTools': ['*.die'] }, [
    ...answer('without'),
    { content: `I ask it.\n${call('my_files', 'refuse', {})}` },
    ...answer('with'),
    ...answer('changed'),
  ]);
  const workspace = () => open.scratch?.workspace ?? '';
  const settings = () => readFile(join(open.vscode?.dataDir ?? '', 'data/Machine/settings.json'), 'utf8');
  const configure = (...args: readonly string[]) => {
    mkdirSync(join(workspace(), '.vscode'), { recursive: true });
    writeFileSync(join(workspace(), '.vscode/mcp.json'), JSON.stringify({ servers: { 'my files': odd(...args) } }));
  };
  // Trust is kept in the browser's profile, so that all is done in one window.
  const shown: { page?: Page } = {};
  const window = () => {
    assert.ok(shown.page);
    return shown.page;
  };
  before(async () => {
    shown.page = await workbench(open);
  });
  const ask = async (page: Page) => {
    await runCommand(page, 'MiroThinker: Ask a Research Question');
    await answerInput(page, 'What is it?');
  };
  const manage = async (page: Page) => {
    await runCommand(page, 'MiroThinker: Manage MCP Servers…');
    await row(page, 'my files').click();
  };

  it('have a file to be configured in, made where there is none', async () => {
    const page = window();
    await runCommand(page, 'MiroThinker: Manage MCP Servers…');
    await row(page, 'Add a server in .vscode/mcp.json').waitFor();
    await screenshot(page, 'mcp-none');
    await row(page, 'Add a server in .vscode/mcp.json').click();
    const tab = page.locator('.tab', { hasText: 'mcp.json' });
    await tab.waitFor();
    await screenshot(page, 'mcp-new-file');
    assert.match(await readFile(join(workspace(), '.vscode/mcp.json'), 'utf8'), /"servers": \{/);
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'detached' });
  });

  it('are not started by an Enter typed ahead; once trusted in Manage, a run gets the tools that stay ticked', async () => {
    const page = window();
    configure();
    await ask(page);
    await dialog(page).getByText('with the environment variables ODD_LOG').waitFor();
    await screenshot(page, 'mcp-trust');
    await page.keyboard.press('Enter');
    const frame = await webviewFrame(page, '#panel');
    await frame.getByRole('article', { name: /^Answer: without/ }).waitFor();
    await page.locator('.tab', { hasText: 'mcp.json' }).waitFor();
    await screenshot(page, 'mcp-typed-ahead');
    assert.equal(existsSync(join(workspace(), 'odd.log')), false);

    await manage(page);
    await row(page, 'Trust it').click();
    await dialog(page).getByRole('button', { name: 'Trust', exact: true }).click();
    await row(page, 'Choose its tools').waitFor();
    await screenshot(page, 'mcp-trusted');
    await row(page, 'Choose its tools').click();
    await row(page, 'echo').getByRole('checkbox').click();
    await row(page, 'off by *.die').getByRole('checkbox').click();
    await screenshot(page, 'mcp-tools');
    await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await toast(page, 'Still off, by patterns that hold for other servers too: die (by *.die).').waitFor();
    await screenshot(page, 'mcp-still-off');

    await ask(page);
    const approval = frame.getByRole('group', { name: 'Approval' });
    await approval.getByText('The MCP server my_files does it, outside the sandbox.').waitFor();
    await screenshot(page, 'mcp-approval');
    await approval.getByRole('button', { name: 'Allow once' }).click({ delay: 500 });
    await frame
      .getByRole('article', { name: /^Answer: with/ })
      .last()
      .waitFor();
    assert.match(await settings(), /"mirothinker\.mcp\.disabledTools": \[\s*"\*\.die",\s*"my files\.echo"\s*\]/);
    const request = JSON.stringify(open.server?.requests[2]?.body);
    assert.match(request, /## Server name: my_files\\n### Tool name: hang/);
    assert.match(await readFile(join(workspace(), 'odd.log'), 'utf8'), /call refuse/);
  });

  it('are asked about again when they are not what was trusted', async () => {
    configure('noise');
    const page = window();
    await ask(page);
    await dialog(page)
      .getByText(/It is not what you trusted: .* changed/)
      .waitFor();
    await screenshot(page, 'mcp-changed');
    await dialog(page).getByRole('button', { name: "Don't Trust" }).click();
    const frame = await webviewFrame(page, '#panel');
    await frame.getByRole('article', { name: /^Answer: changed/ }).waitFor();
    await manage(page);
    await row(page, 'Trust it').waitFor();
    await screenshot(page, 'mcp-refused');
  });
});
