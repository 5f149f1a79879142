import assert from 'node:assert/strict';
import { mkdtemp, mkdir, readFile, rm, writeFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact } from '../../src/shared/events.ts';
import { openLog } from '../../src/store/eventLog.ts';
import { parseLog, readLog } from '../../src/store/readLog.ts';
import { readBlob } from '../../src/store/blobs.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, world } from '../agent/world.ts';
import { run } from '../../src/agent/loop.ts';

describe('the event log', () => {
  let folder = '';
  let facts: readonly Fact[] = [];

  before(async () => {
    const { ports, start, events } = world(scriptedModel([echoCall('ä\n"quoted"'), 'Done.', 'x \\boxed{1}']), [
      echoTool(),
    ]);
    await run(await start(), ports, new AbortController().signal);
    facts = events.map(({ seq: _seq, at: _at, ...fact }) => fact);
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'log-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  const writeAll = async () => {
    const log = await openLog(folder, { count: 0, end: 0 }, () => 5);
    const written = await log.append(...facts);
    await log.close();
    return written;
  };

  it('gives back what was appended, in order and without gaps', async () => {
    const written = await writeAll();
    const read = await readLog(folder);
    assert.deepEqual(read.events, written);
    assert.deepEqual(
      read.events.map((event) => event.seq),
      facts.map((_, index) => index),
    );
    assert.equal(read.damage, undefined);
  });

  it('opens when cut at any byte, with every whole entry before the cut', async () => {
    await writeAll();
    const bytes = await readFile(join(folder, 'events.jsonl'));
    for (let cut = 0; cut <= bytes.length; cut++) {
      const read = parseLog(bytes.subarray(0, cut));
      const whole = bytes.subarray(0, cut).toString('latin1').split('\n').length - 1;
      assert.equal(read.events.length, whole);
      assert.equal(read.damage === undefined, read.end === cut);
    }
  });

  it('cuts a torn tail off when it goes on, and continues the count', async () => {
    await writeAll();
    const path = join(folder, 'events.jsonl');
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 7));
    const read = await readLog(folder);
    const log = await openLog(folder, { count: read.events.length, end: read.end }, () => 6);
    const [event] = await log.append({ type: 'run.ended', reason: 'cancelled' });
    await log.close();
    assert.equal(event?.seq, facts.length - 1);
    const again = await readLog(folder);
    assert.equal(again.damage, undefined);
    assert.equal(again.events.at(-1)?.type, 'run.ended');
  });

  it('keeps lines beside that it cannot read and cuts off', async () => {
    await writeAll();
    const path = join(folder, 'events.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, lines.with(2, 'damaged').join('\n'));
    const read = await readLog(folder);
    const log = await openLog(folder, { count: read.events.length, end: read.end }, () => 6);
    await log.append({ type: 'run.ended', reason: 'cancelled' });
    await log.close();
    assert.equal((await readLog(folder)).events.length, 3);
    const kept = await readFile(join(folder, `damaged-behind-${read.end}.jsonl`), 'utf8');
    assert.equal(kept, lines.with(2, 'damaged').slice(2).join('\n'));
  });

  it('stops at an entry that is none, and says what was left out', async () => {
    await writeAll();
    const path = join(folder, 'events.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, lines.with(2, '{"seq":2,"at":1,"type":"nonsense"}').join('\n'));
    const read = await readLog(folder);
    assert.equal(read.events.length, 2);
    assert.match(read.damage ?? '', /damaged behind entry 2/);
  });

  it('refuses a log of a newer format with what to do', async () => {
    await writeFile(join(folder, 'events.jsonl'), '{"seq":0,"at":1,"type":"run.started","format":99}\n');
    await assert.rejects(readLog(folder), /newer version.*Update/);
  });

  it('does not follow a link in place of the log or of a blob', async () => {
    await writeFile(join(folder, 'elsewhere'), '');
    await symlink('elsewhere', join(folder, 'events.jsonl'));
    await assert.rejects(readLog(folder), /cannot be read/);
    await mkdir(join(folder, 'blobs'));
    const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    await symlink('../elsewhere', join(folder, 'blobs', sha256));
    await assert.rejects(readBlob(folder, { sha256, sizeBytes: 0 }), /cannot be read/);
  });

  it('stores a blob once and refuses one whose contents changed', async () => {
    const log = await openLog(folder, { count: 0, end: 0 }, () => 1);
    const ref = await log.putBlob(Buffer.from('much output'));
    assert.deepEqual(await log.putBlob(Buffer.from('much output')), ref);
    assert.equal((await readBlob(folder, ref)).toString(), 'much output');
    await writeFile(join(folder, 'blobs', ref.sha256), 'other');
    await assert.rejects(readBlob(folder, ref), /damaged/);
    await log.close();
  });
});
