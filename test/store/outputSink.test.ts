import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { UserError } from '../../src/agent/errors.ts';
import { openOutputSink } from '../../src/store/outputSink.ts';

describe('openOutputSink', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'mirothinker-sink-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const stored = async (pieces: readonly string[], keptBytes?: number) => {
    const sink = await openOutputSink(folder, keptBytes);
    for (const piece of pieces) await sink.push(piece);
    const kept = await sink.end();
    if (!kept) return undefined;
    const bytes = await readFile(join(folder, 'blobs', kept.blob.sha256));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), kept.blob.sha256);
    assert.equal(bytes.length, kept.blob.sizeBytes);
    return { text: bytes.toString(), omittedBytes: kept.omittedBytes };
  };

  it('keeps what comes, under its hash', async () => {
    assert.deepEqual(await stored(['one\n', '', 'zwei é😀\n']), { text: 'one\nzwei é😀\n', omittedBytes: 0 });
  });

  it('keeps nothing of nothing', async () => {
    assert.equal(await stored(['', '']), undefined);
    assert.deepEqual(await readdir(join(folder, 'blobs')), []);
  });

  it('keeps both ends of what is too long, in whole lines, and says what is missing', async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`);
    const kept = await stored(lines, 1000);
    assert.ok(kept);
    const [head = '', tail = ''] = kept.text.split(/\n\[.* of output were not kept here\]\n/);
    const all = lines.join('');
    assert.ok(head.endsWith('\n') && all.startsWith(head) && head.length > 480, head.slice(-20));
    assert.ok(tail.startsWith('line ') && all.endsWith(tail) && tail.length > 480, tail.slice(0, 20));
    assert.equal(head.length + kept.omittedBytes + tail.length, all.length);
  });

  it('breaks no character that lies across the place where the kept end goes round', async () => {
    for (let lead = 0; lead < 8; lead++) {
      const all = 'a'.repeat(lead) + '😀'.repeat(30);
      const kept = await stored([all], 42);
      assert.ok(kept && !kept.text.includes('\uFFFD') && kept.text.endsWith('😀'), kept?.text);
    }
  });

  it('never loses, doubles or breaks a character, wherever it cuts', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '😀', 'line\n'), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 40 }), fc.integer({ min: 40, max: 200 }), async (pieces, limit) => {
        const all = pieces.join('');
        const kept = await stored(pieces, limit);
        if (Buffer.byteLength(all) <= limit) {
          assert.equal(kept?.text ?? '', all);
          return;
        }
        const parts = kept?.text.split(/\n\[.* of output were not kept here\]\n/) ?? [];
        assert.equal(parts.length, 2);
        const [head = '', tail = ''] = parts;
        assert.ok(all.startsWith(head) && all.endsWith(tail));
        assert.equal(Buffer.byteLength(head + tail) + (kept?.omittedBytes ?? 0), Buffer.byteLength(all));
      }),
      {
        numRuns: 150,
        examples: [[['😀line\na😀line\naéaline\né', 'aaé', 'line\n😀aaline\nline\n😀😀'], 42]],
      },
    );
  });

  it('asks whoever floods it to wait', async () => {
    const sink = await openOutputSink(folder);
    assert.equal(sink.push('little'), undefined);
    const room = sink.push('x'.repeat(2_000_000));
    assert.ok(room instanceof Promise);
    await room;
    assert.equal(sink.push('little'), undefined);
    assert.equal((await sink.end())?.blob.sizeBytes, 2_000_012);
  });

  it('leaves nothing when it is dropped, nor of a process that went away', async () => {
    await mkdir(join(folder, 'blobs'));
    await writeFile(join(folder, 'blobs', '.output.1.abc'), 'torn');
    const sink = await openOutputSink(folder);
    await sink.push('x'.repeat(2_000_000));
    await sink.drop();
    assert.deepEqual(await readdir(join(folder, 'blobs')), []);
  });

  it('says that it cannot be written', async () => {
    await writeFile(join(folder, 'blobs'), 'no folder');
    await assert.rejects(openOutputSink(folder), UserError);
  });
});

/** Stores so many bytes in a process of its own and prints what came of it, and what is left in the folder. */
const program = `
import { readdir } from 'node:fs/promises';
import { openOutputSink } from '${join(import.meta.dirname, '../../src/store/outputSink.ts')}';
const [folder, size] = process.argv.slice(1);
const sink = await openOutputSink(folder);
for (let count = 0; count < Number(size); count += 10_000) await sink.push('x'.repeat(9_999) + '\\n');
const end = await sink.end().catch((error) => error.constructor.name + ': ' + error.message);
console.log(JSON.stringify({ end, left: await readdir(folder + '/blobs') }));
`;

describe('openOutputSink on a full disk', () => {
  it('takes all that is pushed, says it at the end and leaves nothing', async function () {
    if (spawnSync('bwrap', ['--bind', '/', '/', 'true']).status !== 0) this.skip();
    const folder = await mkdtemp(join(tmpdir(), 'mirothinker-sink-'));
    const node = [process.execPath, '--input-type=module', '-e', program, folder, '3000000'];
    const disk = ['--dev-bind', '/', '/', '--size', '1000000', '--tmpfs', folder];
    const { stdout, stderr } = spawnSync('bwrap', [...disk, ...node], { encoding: 'utf8' });
    await rm(folder, { recursive: true });
    assert.ok(stdout, stderr);
    const { end, left } = z.object({ end: z.string(), left: z.array(z.string()) }).parse(JSON.parse(stdout));
    assert.match(end, /^UserError: The output cannot be stored \(.*ENOSPC.*\)\. Free some space/);
    assert.deepEqual(left, []);
  });
});
