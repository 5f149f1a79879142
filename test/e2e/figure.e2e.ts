import assert from 'node:assert/strict';
import { call, type Step } from '../fakes/scriptedServer.ts';
import { screenshot, webviewFrame } from '../harness/workbench.ts';
import { opened, workbench } from './opened.ts';

const code_block = `import matplotlib.pyplot as plt
import numpy as np
x = np.linspace(0, 10, 200)
plt.plot(x, np.sin(x) * np.exp(-x / 6))
plt.title("Damped")
plt.show()`;
const script: readonly Step[] = [
  {
    content: `<think>I draw it.</think>\n${call('tool-python', 'run_python_code', { code_block, sandbox_id: 'none' })}`,
  },
  { content: 'Drawn.' },
  { content: 'It falls [README.md:1].\n\n\\boxed{it falls}' },
];

describe('a figure', () => {
  const open = opened({ 'mirothinker.approval': 'sandbox' }, script);

  it('stands in the panel as the picture, and opens in an editor tab', async () => {
    const page = await workbench(open);
    await page
      .locator('.activitybar .action-item', { has: page.locator('[aria-label^="MiroThinker"]') })
      .first()
      .click();
    const frame = await webviewFrame(page, '#panel');
    const box = frame.getByRole('textbox', { name: 'Question' });
    await box.waitFor({ timeout: 60_000 });
    await box.fill('How does it go on?');
    await box.press('Enter');
    await frame.getByRole('article', { name: /^Answer: it falls/ }).waitFor();
    const picture = frame.getByRole('button', { name: /^Open \/home\/user\/figures\/figure-1\.png/ });
    await picture.scrollIntoViewIfNeeded();
    const image = frame.getByRole('img', { name: /^\/home\/user\/figures\/figure-1\.png/ });
    await image.waitFor();
    // What is said of its state goes once it has been drawn.
    await frame.locator('.picture-state').waitFor({ state: 'detached' });
    assert.match((await image.getAttribute('src')) ?? '', /^data:image\/png;base64,/);
    await screenshot(page, 'figure-panel');
    await picture.press('Enter');
    await page.getByRole('tab', { name: /figure-1-[0-9a-f]{8}\.png/ }).waitFor();
    await screenshot(page, 'figure-editor');
    await page.context().close();
  });
});
