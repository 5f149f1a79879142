import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectEtc } from '../../src/sandbox/etc.ts';

describe('collectEtc', () => {
  let base: string;
  const etc = (...parts: string[]) => join(base, 'etc', ...parts);
  const into = (...parts: string[]) => join(base, 'into', ...parts);
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'mirothinker-etc-'));
    await mkdir(etc('ssl/certs'), { recursive: true });
    await mkdir(etc('ssl/private'));
    await writeFile(etc('ssl/private/key.pem'), 'secret');
    await writeFile(etc('shadow'), 'secret');
    await writeFile(etc('passwd'), 'somebody');
    await writeFile(etc('hosts'), '127.0.0.1 localhost\n');
    await writeFile(etc('ssl/certs/a.pem'), 'certificate');
    await symlink('a.pem', etc('ssl/certs/0f0f.0'));
    await symlink('/usr/share/zoneinfo/Etc/UTC', etc('localtime'));
  });
  afterEach(() => rm(base, { recursive: true }));

  it('takes what programs need into one folder, links as links, and leaves secrets out', async () => {
    assert.deepEqual(await collectEtc(into(), etc()), [{ from: into(), to: '/etc' }]);
    assert.deepEqual((await readdir(into())).sort(), ['group', 'hosts', 'localtime', 'passwd', 'resolv.conf', 'ssl']);
    assert.deepEqual(await readdir(into('ssl')), ['certs']);
    assert.equal(await readlink(into('ssl/certs/0f0f.0')), 'a.pem');
    assert.doesNotMatch(await readFile(into('passwd'), 'utf8'), /somebody/);
    assert.match(await readlink(into('localtime')), /^\/usr\/share\/zoneinfo\//);
  });

  it('follows a link to where nothing is shown', async () => {
    await mkdir(join(base, 'static'));
    await writeFile(join(base, 'static/services'), 'http 80/tcp\n');
    await symlink(join(base, 'static/services'), etc('services'));
    await collectEtc(into(), etc());
    assert.equal(await readFile(into('services'), 'utf8'), 'http 80/tcp\n');
  });

  it('mounts what is too large to be copied', async () => {
    await mkdir(etc('fonts'));
    await writeFile(etc('fonts/large'), Buffer.alloc(9 * 2 ** 20));
    const mounts = await collectEtc(into(), etc());
    assert.deepEqual(mounts[1], { from: etc('fonts'), to: '/etc/fonts' });
    assert.deepEqual(await readdir(into('fonts')), []);
  });
});
