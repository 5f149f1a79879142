import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRepositoryRules } from '../../src/runs/repositoryRules.ts';

describe('readRepositoryRules', () => {
  let top = '';
  beforeEach(() => {
    top = realpathSync(mkdtempSync(join(tmpdir(), 'narrowing-')));
    mkdirSync(join(top, 'repo/packages/sub'), { recursive: true });
    const denies = (folder: string, name: string) =>
      writeFileSync(join(top, folder, '.mirothinker.json'), JSON.stringify({ commands: { deny: [name] } }));
    denies('', 'outside');
    denies('repo', 'top');
    denies('repo/packages', 'between');
    denies('repo/packages/sub', 'own');
  });
  afterEach(() => rmSync(top, { recursive: true, force: true }));

  const denied = async (...folders: readonly string[]) => {
    const files = await readRepositoryRules(folders.map((name) => ({ name, path: join(top, name) })));
    return files.flatMap(({ narrowing }) => narrowing.commands?.deny ?? []);
  };

  it('reads those of a folder and of all above it up to the top of its repository, once each', async () => {
    mkdirSync(join(top, 'repo/.git'));
    assert.deepEqual(await denied('repo/packages/sub'), ['own', 'between', 'top']);
    assert.deepEqual(await denied('repo/packages/sub', 'repo'), ['own', 'between', 'top']);
    assert.deepEqual(await denied('repo'), ['top']);
    writeFileSync(join(top, 'repo/packages/sub/.git'), 'gitdir: elsewhere');
    assert.deepEqual(await denied('repo/packages/sub'), ['own']);
  });

  it('reads only that of the folder itself where there is no repository', async () => {
    assert.deepEqual(await denied('repo/packages/sub'), ['own']);
  });

  it('does not look above a home', async () => {
    mkdirSync(join(top, '.git'));
    const { HOME } = process.env;
    process.env['HOME'] = join(top, 'repo');
    try {
      assert.deepEqual(await denied('repo/packages/sub'), ['own']);
    } finally {
      process.env['HOME'] = HOME;
    }
  });

  it('says which file above cannot be read', async () => {
    mkdirSync(join(top, 'repo/.git'));
    writeFileSync(join(top, 'repo/.mirothinker.json'), '{');
    await assert.rejects(denied('repo/packages/sub'), (error: Error) =>
      error.message.includes(join(top, 'repo/.mirothinker.json')),
    );
  });
});
