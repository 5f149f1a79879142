import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from '../../../src/tools/web/findBrowser.ts';

describe('finding a browser', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'browser-'))));
  after(() => rm(folder, { recursive: true }));

  it('takes the setting’s, then what PATH has, and no file that is no program', async () => {
    const [browser, plain] = [join(folder, 'google-chrome'), join(folder, 'chromium')];
    await writeFile(browser, '#!/bin/sh\n');
    await chmod(browser, 0o755);
    await writeFile(plain, 'no program');
    assert.equal(await findBrowser(undefined, { PATH: `relative:${folder}` }), browser);
    assert.equal(await findBrowser(browser, { PATH: '' }), browser);
    await assert.rejects(findBrowser(plain, {}), /chromium \(setting mirothinker\.web\.browserPath\) is no program/);
    await assert.rejects(findBrowser('google-chrome', { PATH: folder }), /is no program/);
  });
});
