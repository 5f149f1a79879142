import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ImageRef } from '../../src/shared/refs.ts';
import { chartPng } from './chart.ts';
import { done, logOf, replied, started } from './logs.ts';
import type { PanelOptions } from './panelPage.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';

const chart = chartPng(640, 480);
const sha256 = createHash('sha256').update(chart).digest('hex');
const ref = (path: string, more: Partial<ImageRef> = {}): ImageRef => ({
  sha256,
  sizeBytes: chart.length,
  mimeType: 'image/png',
  path,
  ...more,
});
const path = '/home/user/figures/figure-1.png';
const content = `Exit code: 0\nDuration: 0.8s\nPicture: ${path} (640 × 480 pixels, 20 KB)\nstdout:\n3 peaks`;
const code = { server: 'tool-python', tool: 'run_python_code', args: { code_block: 'plt.plot(x)' } };
const plotted = (images: readonly ImageRef[], observation = content) =>
  logOf([
    started(),
    ...done(1, replied(1, 'Draw it.', code), observation, { exitCode: 0, images }),
    ...done(2, replied(2, 'Read on.', { tool: 'read_file', args: { path: 'a.txt' } }), '1 | text'),
  ]);
const shown = { kind: 'picture', mimeType: 'image/png', base64: chart.toString('base64') } as const;
const live = { live: true };

describe('pictures in the panel', () => {
  const open = panelSuite();

  it('are asked for when they come near, and drawn where a place was kept for them', async () => {
    const panel = await open({ events: plotted([ref(path)]), run: live });
    const asked = await panel.intention('showPicture');
    assert.deepEqual(asked, { type: 'showPicture', runId, callId: 'call-1', sha256 });
    const image = panel.page.getByRole('img', { name: `${path}, 640 by 480 pixels` });
    const next = panel.page.locator('article[aria-label^="Turn 2"]');
    const before = await next.boundingBox();
    await panel.screenshot('picture-loading');
    await panel.post({ type: 'picture', runId, sha256, content: shown });
    await panel.page.waitForFunction('document.querySelector(".picture img").naturalWidth === 640');
    assert.deepEqual(await next.boundingBox(), before);
    const box = await image.boundingBox();
    assert.ok(box && box.width <= 330 && Math.abs(box.width / box.height - 4 / 3) < 0.02, JSON.stringify(box));
    assert.equal(await panel.page.locator('.picture-state').count(), 0);
    await panel.page.locator('.call-line').first().click();
    await panel.page.getByText('plt.plot(x)').last().waitFor();
    assert.equal(await panel.page.getByText('Picture: ').count(), 0);
    await panel.screenshot('picture');
    assert.deepEqual(panel.complaints, []);
  });

  for (const theme of ['light', 'hcDark'] as const) {
    it(`stand in the ${theme} theme`, async () => {
      const panel = await open({ events: plotted([ref(path)]), run: live, theme, width: 620 });
      await panel.intention('showPicture');
      await panel.post({ type: 'picture', runId, sha256, content: shown });
      await panel.page.waitForFunction('document.querySelector(".picture img").naturalWidth === 640');
      await panel.screenshot(`picture-${theme}`);
      assert.deepEqual(panel.complaints, []);
    });
  }

  it('open in an editor by a click and by the keyboard', async () => {
    const panel = await open({ events: plotted([ref(path)]), run: live });
    await panel.page.getByRole('button', { name: `Open ${path}` }).press('Enter');
    assert.deepEqual(await panel.intention('openPicture'), { type: 'openPicture', runId, callId: 'call-1', sha256 });
  });

  it('say why they cannot be shown', async () => {
    const panel = await open({ events: plotted([ref(path)]), run: live });
    await panel.intention('showPicture');
    await panel.post({
      type: 'picture',
      runId,
      sha256,
      content: { kind: 'problem', message: 'It is larger than 5 MB.' },
    });
    assert.match(await panel.page.locator('.picture').innerText(), /cannot be shown\. It is larger than 5 MB\./);
    await panel.screenshot('picture-problem');
  });

  it('say that they are damaged', async () => {
    const panel = await open({ events: plotted([ref(path)]), run: live });
    await panel.intention('showPicture');
    await panel.post({ type: 'picture', runId, sha256, content: { ...shown, base64: 'AAAA' } });
    await panel.page.getByText('The picture cannot be shown: it is damaged.').waitFor();
  });

  it('show foreign paths as text, and take no place of another run', async () => {
    const foreign = '/home/user/<img src=x onerror=alert(1)>\u202e.png';
    const panel = await open({ events: plotted([ref(foreign)], 'Exit code: 0'), run: live });
    await panel.intention('showPicture');
    assert.equal(await panel.page.locator('img').count(), 1);
    assert.doesNotMatch(await panel.page.locator('figcaption').innerText(), /\u202e/);
    await panel.post({ type: 'picture', runId: 'another', sha256, content: shown });
    assert.equal(await panel.page.locator('img[src]').count(), 0);
    assert.deepEqual(panel.complaints, []);
  });

  it('far from view are not asked for', async () => {
    const calls = Array.from({ length: 60 }, (_, at) =>
      done(at + 2, replied(at + 2, 'Read.', { tool: 'read_file', args: { path: 'a.txt' } }), '1 | text'),
    );
    const options: PanelOptions = {
      events: [
        ...logOf([started(), ...done(1, replied(1, 'Draw.', code), content, { images: [ref(path)] }), ...calls.flat()]),
      ],
      run: live,
    };
    const panel = await open(options);
    assert.equal(panel.sent.filter(({ type }) => type === 'showPicture').length, 0);
    await panel.page.locator('.picture').scrollIntoViewIfNeeded();
    await panel.intention('showPicture');
  });
});
