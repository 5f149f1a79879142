import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { call, scriptedServer, type ScriptedServer } from '../fakes/scriptedServer.ts';
import { commandLine } from './commandLine.ts';

const answer = `It listens on 8080 [1], and not on 9090 [2]. The port was chosen by somebody a long time ago.

It has 512 users. The old port was 9090 [2].

Sources:
[1] notes.md:2 "The port is 8080."
[2] notes.md:3 "The old port was 9091."

\\boxed{8080}`;

describe('sources on the command line', () => {
  let line: Awaited<ReturnType<typeof commandLine>>;
  let server: ScriptedServer;

  beforeEach(async () => {
    line = await commandLine({ 'notes.md': '# Notes\nThe port is 8080.\nThe old port was 9090.\n' });
    const read = `<think>I look.</think>\n\n${call('workspace', 'read_file', { path: 'notes.md' })}`;
    server = await scriptedServer({ script: [{ content: read }, { content: 'I know it.' }, { content: answer }] });
  });
  afterEach(async () => {
    await server.close();
    await line.remove();
  });

  it('are printed with their marks, shown as they were read, and exported', async () => {
    const asked = await line.run(['ask', 'Which port?', '--base-url', server.baseUrl]);
    assert.equal(asked.code, 0, asked.stderr);
    assert.equal(
      asked.stdout,
      `It listens on 8080 [1], and not on 9090 [2]. The port was chosen by somebody a long time ago.

It has 512 users. The old port was 9090 [2].

8080

Sources:
  ✓ [1] notes.md:2  verified
      “The port is 8080.”
  ✗ [2] notes.md:3  not found
      “The old port was 9091.”
      The source says something else: “9090” where the quote has “9091”.
Citations: 1 verified, 1 not found; 1 sentence cites nothing, 1 sentence goes beyond its source.
  ? “The port was chosen by somebody a long time ago.”  uncited
  ? “It has 512 users.”  not in source 2: “512”
`,
    );
    const shown = await line.run(['show', 'last', '--source', '1']);
    assert.match(shown.stdout, /^\[1\] notes\.md:2 {2}verified\n“The port is 8080\.”\nRead .* in turn 1: notes\.md\n/);
    assert.match(shown.stdout, /1\t# Notes\n2\t«The port is 8080»\.\n3\tThe old port was 9090\./);
    const wrong = await line.run(['show', 'last', '--source', '7']);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /The answer has no source 7\. It has 1, 2\./);
    const bibtex = await line.run(['export', 'last', '--format', 'bibtex']);
    assert.match(bibtex.stdout, /^@misc\{filenotes,/);
    const file = join(line.workspace, 'report.html');
    const exported = await line.run(['export', 'last', '--format', 'html', '--output', file]);
    assert.equal(exported.code, 0, exported.stderr);
    assert.match(await readFile(file, 'utf8'), /^<!doctype html>[\s\S]*✗ not found[\s\S]*<\/html>\n$/);
  });
});
