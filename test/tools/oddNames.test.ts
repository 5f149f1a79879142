import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { workspaceTools } from '../../src/tools/index.ts';
import { fromDisk, meantName, onDisk, shownName } from '../../src/tools/pathNames.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { callTool, temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const names: readonly (readonly [name: Buffer, shown: string])[] = [
  [bytes('a blank.txt'), 'a blank.txt'],
  [bytes(' blanks around '), '\\x20blanks around\\x20'],
  [bytes('"double" and \'single\'.txt'), '"double" and \'single\'.txt'],
  [bytes('new\nline.txt'), 'new\\x0aline.txt'],
  [Buffer.from('emoji \u{1f469}\u200d\u{1f4bb}.txt'), 'emoji \u{1f469}\u200d\u{1f4bb}.txt'],
  [bytes('latin \xfc\xdf.txt'), 'latin \\xfc\\xdf.txt'],
  [bytes('back\\slash.txt'), 'back\\slash.txt'],
  [bytes('like \\xfc.txt'), 'like \\x5cxfc.txt'],
  [bytes('like \xfc.txt'), 'like \\xfc.txt'],
  [Buffer.from('turned \u202etxt.exe'), 'turned \\xe2\\x80\\xaetxt.exe'],
  [bytes('-e'), '-e'],
  [bytes('*.txt'), '*.txt'],
  [bytes('half \xf0\x9f.txt'), 'half \\xf0\\x9f.txt'],
];

describe('names of files', () => {
  it('are shown so that they mean the same when they are given back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (name) => {
        const path = fromDisk(Buffer.from(name));
        assert.deepEqual(Buffer.from(onDisk(path)), Buffer.from(name));
        assert.equal(meantName(shownName(path)), path);
      }),
    );
  });
});

describe('a workspace with odd names', () => {
  let folder: TemporaryFolder;
  before(async function () {
    if (process.platform !== 'linux') this.skip();
    folder = await temporaryFolder();
    for (const [name] of names) {
      const path = Buffer.concat([Buffer.from(`${folder.path}/`), name]);
      mkdirSync(Buffer.concat([path, Buffer.from('.d')]));
      writeFileSync(Buffer.concat([path, Buffer.from('.d/in.txt')]), 'marked\n');
      writeFileSync(path, 'marked\n');
    }
  });
  after(() => folder.remove());

  const call = async (name: string, args: object) => {
    const tool = workspaceTools(await openWorkspace([folder.path])).find((one) => one.name === name);
    assert.ok(tool);
    return (await callTool(tool, args)).content;
  };

  it('is listed and searched with a line for each', async () => {
    const listed = (await call('list_files', { depth: 2 })).split('\n');
    const found = (await call('search_files', { pattern: 'marked' })).split('\n');
    for (const [, shown] of names) {
      assert.ok(listed.includes(`${shown}  7 B`), shown);
      const inside = `${shown.replace(/\\x20$/, ' ')}.d`;
      assert.ok(listed.includes(`${inside}/in.txt  7 B`), inside);
      assert.ok(found.includes(`${shown}:1: marked`), shown);
      assert.ok(found.includes(`${inside}/in.txt:1: marked`), inside);
    }
  });

  for (const [name, shown] of names) {
    it(`is read, edited, moved and deleted by the name as shown: ${shown}`, async () => {
      const path = Buffer.concat([Buffer.from(`${folder.path}/`), name]);
      assert.equal(await call('read_file', { path: shown }), '1\tmarked');
      await call('edit_file', { path: shown, old_text: 'marked', new_text: 'changed' });
      assert.equal(readFileSync(path, 'utf8'), 'changed\n');
      await call('write_file', { path: shown, content: 'written\n' });
      assert.equal(readFileSync(path, 'utf8'), 'written\n');
      await call('move_file', { from: shown, to: 'plain' });
      assert.throws(() => readFileSync(path), /ENOENT/);
      assert.match(await call('list_files', { path: `${shown.replace(/\\x20$/, ' ')}.d` }), /in\.txt {2}7 B$/);
      await call('delete_file', { path: `${shown.replace(/\\x20$/, ' ')}.d`, recursive: true });
      await call('delete_file', { path: 'plain' });
    });
  }

  it('finds a name whose accents are written the other way', async () => {
    await folder.put({ 'u\u0308ber.txt': 'x\n' });
    assert.equal(await call('read_file', { path: '\u00fcber.txt' }), '1\tx');
    await call('edit_file', { path: '\u00fcber.txt', old_text: 'x', new_text: 'y' });
    assert.ok((await readdir(folder.path)).includes('u\u0308ber.txt'));
  });
});

describe('a workspace with 100,000 files', function () {
  this.timeout(120_000);
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder({ '.gitignore': 'built\n', 'built/x.txt': 'marked' });
    for (let i = 0; i < 100; i++) {
      mkdirSync(join(folder.path, `d${i}`));
      for (let j = 0; j < 1000; j++) writeFileSync(join(folder.path, `d${i}/f${j}.txt`), j === 0 ? 'marked\n' : '');
    }
  });
  after(() => folder.remove());

  const call = async (name: string, args: object) => {
    const tool = workspaceTools(await openWorkspace([folder.path])).find((one) => one.name === name);
    assert.ok(tool);
    return callTool(tool, args);
  };

  it('is listed to the limit, near entries first, and says how many more there are', async () => {
    const { content, truncated } = await call('list_files', { depth: 3 });
    const lines = content.split('\n');
    assert.equal(lines.length, 501);
    assert.equal(truncated, true);
    assert.ok(lines.includes('d99/') && lines.includes('.gitignore  6 B'));
    assert.match(lines.at(-1) ?? '', /^\[99,602 more entries not shown/);
  });

  it('is searched whole', async () => {
    const { content } = await call('search_files', { pattern: 'marked' });
    assert.match(content, /^100 lines in 100 files match\./);
    assert.doesNotMatch(content, /built/);
  });

  it('loses them all in one call, and says how many', async () => {
    await call('move_file', { from: 'd0', to: 'moved/d0' });
    assert.match((await call('delete_file', { path: 'moved', recursive: true })).content, /with 1,000 files\.$/);
  });
});
