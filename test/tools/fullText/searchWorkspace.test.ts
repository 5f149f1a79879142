/** search_workspace: what it finds, keeps and notices. */
import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToolOutput } from '../../../src/agent/tool.ts';
import type { DocumentReader, ReadDocument } from '../../../src/tools/documents/document.ts';
import { documentReader } from '../../../src/tools/documents/reader.ts';
import { searchWorkspaceTool } from '../../../src/tools/fullText/searchWorkspace.ts';
import { WorkspaceIndex } from '../../../src/tools/fullText/workspaceIndex.ts';
import { openWorkspace } from '../../../src/tools/workspace.ts';
import { callTool } from '../workspaceFixture.ts';

describe('search_workspace', () => {
  const open: WorkspaceIndex[] = [];
  let folder = '';
  let outside = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'full-text-'));
    outside = await mkdtemp(join(tmpdir(), 'full-text-kept-'));
    await write(
      'docs/rivers.md',
      '# Rivers\n\nThe Rhine rises in the Alps.\n\n## Length\n\nIt flows for 1230 kilometres.\n',
    );
    await write('src/readFile.ts', 'export function readFileTool() {\n  return openGate();\n}\n');
    await write('notes/book.txt', '我喜欢读书。\nEl niño llegó.\n');
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((index) => index.dispose()));
    await Promise.all([folder, outside].map((path) => rm(path, { recursive: true })));
  });

  const write = async (path: string, text: string) => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const kept = () => join(outside, 'index.sqlite');
  const tool = async (reader?: DocumentReader, patienceMs = 60_000) => {
    const workspace = await openWorkspace([folder]);
    const index = new WorkspaceIndex({ workspace, reader, path: kept(), without: outside, patienceMs });
    open.push(index);
    const search = searchWorkspaceTool(workspace, index);
    return (args: Readonly<Record<string, unknown>>): Promise<ToolOutput> => callTool(search, args);
  };

  it('gives passages with their file and line, whatever endings and accents the words have', async () => {
    const search = await tool();
    assert.match((await search({ query: 'kilometre flowing' })).content, /docs\/rivers\.md:5:\n## Length/);
    assert.match((await search({ query: 'read file tool' })).content, /src\/readFile\.ts:1:/);
    assert.match((await search({ query: '读书' })).content, /notes\/book\.txt:1:/);
    assert.match((await search({ query: 'nino' })).content, /notes\/book\.txt/);
  });

  it('says where there is no file to search', async () => {
    const search = await tool();
    const { content, rollback } = await search({ query: 'Rhine', path: 'doc/' });
    assert.equal(content, 'There is no file to search at "doc/". list_files shows what there is.');
    assert.equal(rollback, undefined);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    assert.equal((await search({ query: 'Rhine' })).content, 'There is no file to search in the workspace.');
  });

  it('tells what it found as evidence, word for word', async () => {
    const search = await tool();
    const { sources } = await search({ query: 'Rhine Alps' });
    const [source] = sources ?? [];
    assert.equal(source?.uri, 'docs/rivers.md');
    assert.equal(source.startLine, 1);
    assert.ok((await readFile(join(folder, 'docs/rivers.md'), 'utf8')).includes(source.text ?? '?'));
  });

  it('rolls a search back that finds nothing, and keeps to the files that are named', async () => {
    const search = await tool();
    assert.ok((await search({ query: 'zeppelin' })).rollback);
    assert.ok((await search({ query: 'Rhine', path: 'src/**' })).rollback);
    assert.equal((await search({ query: 'Rhine', path: 'docs/' })).rollback, undefined);
    await assert.rejects(search({ query: '?!' }), /no words/);
  });

  it('takes quoted words together', async () => {
    await write('a.txt', 'blue whale song');
    await write('b.txt', 'whale that is blue');
    const search = await tool();
    const { content } = await search({ query: '"blue whale"' });
    assert.match(content, /a\.txt/);
    assert.doesNotMatch(content, /b\.txt/);
  });

  it('takes nothing of a query for its own syntax', async () => {
    const search = await tool();
    for (const query of ['Rhine AND NOT (', 'path: Rhine*', 'NEAR("Rhine" 5', "Rhine'; DROP TABLE files"]) {
      assert.match((await search({ query })).content, /rivers\.md/, query);
    }
  });

  it('reads only what changed, was added, moved or went', async () => {
    const search = await tool();
    await search({ query: 'Rhine' });
    await appendFile(join(folder, 'docs/rivers.md'), '\nBarges carry gravel.\n');
    await write('docs/new.md', 'Locks and gravel pits.\n');
    await rename(join(folder, 'notes/book.txt'), join(folder, 'notes/moved.txt'));
    await rm(join(folder, 'src/readFile.ts'));
    const { content } = await search({ query: 'gravel' });
    assert.match(content, /rivers\.md/);
    assert.match(content, /new\.md/);
    assert.match((await search({ query: 'niño' })).content, /moved\.txt/);
    assert.ok((await search({ query: 'openGate' })).rollback);
  });

  it('passes over what is ignored, binary, or behind a link', async () => {
    await write('.gitignore', 'build/\n');
    await write('build/out.txt', 'marmalade');
    await write('data.bin', 'marmalade\0');
    await writeFile(join(outside, 'secret.txt'), 'marmalade');
    await symlink(join(outside, 'secret.txt'), join(folder, 'link.txt'));
    const search = await tool();
    assert.ok((await search({ query: 'marmalade' })).rollback);
  });

  it('uses what another run kept, reads no document twice, and tells the page', async () => {
    const read: string[] = [];
    await write('paper.pdf', '%PDF-');
    await (
      await tool(readerOf(read))
    )({ query: 'turbine' });
    const { content } = await (await tool(readerOf(read)))({ query: 'turbine' });
    assert.match(content, /paper\.pdf, page 2, section "Results":\nThe turbine spins\./);
    assert.deepEqual(read, ['paper.pdf']);
  });

  it('makes a damaged index anew', async () => {
    await (
      await tool()
    )({ query: 'Rhine' });
    await Promise.all(open.splice(0).map((index) => index.dispose()));
    await writeFile(kept(), 'this is no database at all, '.repeat(400));
    assert.match((await (await tool())({ query: 'Rhine' })).content, /rivers\.md/);
  });

  it('tells what is not read yet, and goes on with it', async () => {
    await write('slow.pdf', '%PDF-');
    const gate = Promise.withResolvers<undefined>();
    const slow: DocumentReader = { ...readerOf([]), read: async () => gate.promise.then(() => paper) };
    const search = await tool(slow, 400);
    const { content, rollback } = await search({ query: 'turbine' });
    assert.match(content, /files? not read yet/);
    assert.equal(rollback, undefined);
    gate.resolve(undefined);
    assert.match((await search({ query: 'turbine' })).content, /slow\.pdf/);
  });

  it('names what could not be read, and reads it again in another run', async () => {
    await write('broken.pdf', '%PDF-');
    let tries = 0;
    const failing: DocumentReader = {
      ...readerOf([]),
      read: async () => {
        tries += 1;
        throw new Error('it took too long');
      },
    };
    const search = await tool(failing);
    for (const query of ['turbine', 'spins', 'title', 'page']) {
      const { content, rollback } = await search({ query });
      assert.match(content, /Nothing in 3 files fits[^]*\[1 file could not be read: broken\.pdf\.\]/);
      assert.equal(rollback, undefined);
    }
    assert.equal(tries, 3);
    const { content } = await (await tool(readerOf([])))({ query: 'turbine' });
    assert.match(content, /broken\.pdf, page 2/);
    assert.doesNotMatch(content, /could not be read/);
  });

  it('searches the beginning of a large text, and says so', async () => {
    await write('large.txt', `A gazelle.\n${'grass and more grass\n'.repeat(210_000)}An ocelot.\n`);
    const search = await tool();
    const { content } = await search({ query: 'gazelle' });
    assert.match(content, /large\.txt:1:[^]*of large\.txt only the beginning was searched/);
  });

  it('searches the end of a text of many headings, and of a document of any length', async () => {
    await write('many.md', `${'## Part\n\nwords\n\n'.repeat(30_000)}## Last\n\nA xylophone.\n`);
    await write('paper.pdf', '%PDF-');
    const long = `${'The turbine spins, and the river flows on below it.\n\n'.repeat(60_000)}A marimba.\n`;
    const search = await tool({
      ...readerOf([]),
      read: async () => ({ ...paper, text: long, pages: [0], sections: [] }),
    });
    assert.match((await search({ query: 'xylophone' })).content, /many\.md:\d+:[^]*A xylophone\./);
    assert.match((await search({ query: 'marimba' })).content, /paper\.pdf, page 1:[^]*A marimba\./);
  });

  it('counts the files that it searched, and names those from which no text can be read', async () => {
    await write('scan.pdf', '%PDF-');
    await write('old.doc', '\xd0\xcf\x11\xe0\0\0');
    await write('data.zip', 'PK');
    await write('empty.txt', '');
    for (const name of ['a', 'b', 'c']) await write(`${name}.png`, 'PNG');
    const scanned: DocumentReader = { ...readerOf([]), read: async () => ({ ...paper, text: '', sections: [] }) };
    const search = await tool(scanned);
    const { content, rollback } = await search({ query: 'zeppelin' });
    assert.match(content, /^Nothing in 4 files fits/);
    assert.match(content, /\[6 files not searched, as no text can be read from them here: .*, 3 \.png\.\]/);
    for (const name of ['scan.pdf', 'old.doc', 'data.zip']) assert.ok(content.includes(name), name);
    assert.equal(rollback, undefined);
    assert.doesNotMatch((await search({ query: 'Rhine', path: 'docs/**' })).content, /not searched/);
    await Promise.all(['scan.pdf', 'old.doc', 'data.zip'].map((name) => rm(join(folder, name))));
    assert.match((await search({ query: 'zeppelin' })).content, /3 files not searched/);
    assert.ok((await search({ query: 'zeppelin' })).rollback);
  });

  it('searches every format that is read as a document', async () => {
    await write('note.rtf', String.raw`{\rtf1\ansi The secret \b giraffe\b0  caf\'e9.}`);
    const reader = documentReader();
    try {
      const search = await tool(reader);
      assert.match((await search({ query: 'giraffe café' })).content, /note\.rtf:\nThe secret giraffe café\./);
    } finally {
      await reader.dispose();
    }
  });

  it('says of a document that only its beginning was read', async () => {
    await write('paper.pdf', '%PDF-');
    const search = await tool({ ...readerOf([]), read: async () => ({ ...paper, cut: true }) });
    assert.match((await search({ query: 'turbine' })).content, /of paper\.pdf only the beginning was searched/);
  });

  it('finds a word in the file that is asked for, however often others hold it', async () => {
    for (let at = 0; at < 3; at++) await write(`often${at}.md`, `# ${at}\n\ngravel gravel\n\n`.repeat(2_500));
    await write('docs/rare.md', `Once there is gravel in ${'a very long text about something else '.repeat(30)}`);
    const search = await tool();
    assert.match((await search({ query: 'gravel', path: 'docs/**' })).content, /rare\.md/);
  });

  it('does not tell old text of a file that changed while others are read', async () => {
    const gate = Promise.withResolvers<undefined>();
    const slow: DocumentReader = { ...readerOf([]), read: async () => gate.promise.then(() => paper) };
    const search = await tool(slow, 400);
    try {
      assert.match((await search({ query: 'Rhine' })).content, /rises in the Alps/);
      await write('slow.pdf', '%PDF-');
      assert.match((await search({ query: 'turbine' })).content, /not read yet/);
      await write('docs/rivers.md', 'The Rhine ends in the sea, they say.\n');
      const { content } = await search({ query: 'Rhine' });
      assert.match(content, /ends in the sea/);
      assert.doesNotMatch(content, /Alps/);
    } finally {
      gate.resolve(undefined);
    }
  });

  it('serves two at once', async () => {
    const [one, other] = [await tool(), await tool()];
    const found = await Promise.all([one({ query: 'Rhine' }), other({ query: 'Rhine' })]);
    for (const { content } of found) assert.match(content, /rivers\.md/);
  });
});

const text = 'Title page.\n\nThe turbine spins.\n';
const paper: ReadDocument = {
  kind: 'pdf',
  text,
  sections: [{ title: 'Results', level: 1, from: text.indexOf('The') }],
  pages: [0, text.indexOf('The')],
  links: [],
  notes: [],
};

function readerOf(read: string[]): DocumentReader {
  return {
    read: async ({ name }) => {
      read.push(name.slice(name.lastIndexOf('/') + 1));
      return paper;
    },
    dispose: async () => undefined,
  };
}
