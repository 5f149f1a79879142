import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { png } from '../tools/web/scrapeFixtures.ts';
import { commandLine } from './commandLine.ts';

const letter = join(import.meta.dirname, '../tools/documents/files/letter.docx');
const bodySchema = z.object({ messages: z.array(z.object({ content: z.string() })) });
const answer = `The first one is bold [1].

Sources:
[1] letter.docx "The first bold"

\\boxed{bold}`;

describe('ask --attach', () => {
  let line: Awaited<ReturnType<typeof commandLine>>;
  let server: ScriptedServer;
  const begin = async (script: readonly Step[]) => {
    server = await scriptedServer({ script });
    line = await commandLine({ 'notes.md': '# Notes\nThe port is 8080.\n' });
  };
  afterEach(async () => {
    await server.close();
    await line.remove();
  });

  const ask = async (...more: readonly string[]) =>
    line.run(['ask', 'What does it say?', '--base-url', server.baseUrl, ...more]);

  it('puts documents of any place to the question; quotes of them verify, and are shown', async () => {
    await begin([{ content: 'I know it.' }, { content: answer }]);
    const path = join(line.folder, 'letter.docx');
    await copyFile(letter, path);
    const asked = await ask('--attach', path, '--attach', 'notes.md');
    assert.equal(asked.code, 0, asked.stderr);
    const question = bodySchema.parse(server.requests.at(-2)?.body).messages[1]?.content ?? '';
    assert.match(question, /^What does it say\?\n\nFiles attached/);
    assert.match(question, /from="letter\.docx"[^]*The first \*\*bold\*\*[^]*1,084,831/);
    assert.match(question, /from="notes\.md"[^]*The port is 8080\./);
    assert.doesNotMatch(question, new RegExp(line.folder));
    assert.match(asked.stdout, /✓ \[1\] letter\.docx {2}verified/);
    const shown = await line.run(['show', 'last', '--source', '1']);
    assert.match(shown.stdout, /\nAttached to the question .* UTC: letter\.docx\n[^]*«The first \*\*bold»/);
  });

  it('has a model say what a picture shows', async () => {
    const seen = { body: { choices: [{ message: { content: 'A red dot.' } }] } };
    await begin([seen, { content: 'I know it.' }, { content: 'It is red.\n\n\\boxed{red}' }]);
    await writeFile(join(line.workspace, 'dot.png'), png);
    const asked = await ask('--attach', 'dot.png', '--vision-model', 'eyes');
    assert.equal(asked.code, 0, asked.stderr);
    assert.match(server.requests[0]?.text ?? '', /What does it say\?[^]*data:image\/png;base64,iVBOR/);
    const question = bodySchema.parse(server.requests.at(-2)?.body).messages[1]?.content ?? '';
    assert.match(question, /# Description of the picture, by a model\n\nA red dot\./);
  });

  it('says which file is not there, and begins no run', async () => {
    await begin([{ content: 'I know it.' }]);
    const asked = await ask('--attach', 'notes.md', '--attach', 'gone.pdf');
    assert.deepEqual([asked.code, asked.stdout], [1, '']);
    assert.match(asked.stderr, /gone\.pdf cannot be attached: it does not exist\./);
    assert.equal(server.requests.length, 0);
    const { stdout, stderr } = await line.run(['runs']);
    assert.match(stdout + stderr, /There are no runs/);
  });
});
