import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { ReplyChannel } from '../../src/sandbox/replyChannel.ts';
import { makeSandbox, type TestSandbox } from './sandbox.ts';

/** Code that finds the driver's own descriptors: the pipes above the low numbers. */
const find = 'import os\nours = sorted(int(name) for name in os.listdir("/proc/self/fd") if int(name) >= 1000)\n';
const requests = `${find}fd = ours[0]\n`;
const replies = `${find}fd = ours[1]\n`;

describe('the channel of a Python session', () => {
  let test: TestSandbox;
  before(async () => (test = await makeSandbox()));
  after(() => test.dispose());

  for (const [what, code] of [
    ['text', `${replies}os.write(fd, b"nonsense\\n")\nimport time\ntime.sleep(60)`],
    [
      'a reply to no request',
      `${replies}os.write(fd, b'{"id":"x","exitCode":0,"error":null,"notes":[]}\\n')\nwhile True: pass`,
    ],
    ['the beginning of a line', `${replies}os.write(fd, b"{")`],
    ['a line without end', `${replies}\nwhile True: os.write(fd, b"x" * 65536)`],
    ['nothing, but closes it', `${replies}os.close(fd)`],
    ['nothing, but puts a file in its place', `${replies}os.dup2(os.open("/dev/null", os.O_WRONLY), fd)`],
    ['nothing, but closes the requests', `${requests}os.close(fd)`],
  ] as const) {
    it(`ends the session with words when the code writes ${what}`, async () => {
      const id = await test.shell.create(20_000);
      await test.python('x = 1', id);
      const result = await test.python(code, id);
      assert.equal(result.timedOut, false);
      assert.match(
        `${result.error}${result.stderr}`,
        /The code closed(?:, or wrote to,| or replaced) the (?:sandbox's own )?descriptors/,
      );
      assert.match(result.error ?? '', /variables are lost/);
      const next = await test.python('"x" in globals()', id);
      assert.equal(next.stdout, 'False\n');
      assert.match(next.notes.join(' '), /are gone/);
    });
  }

  it('ends a session in which a thread writes between two calls', async () => {
    const id = await test.shell.create(20_000);
    await test.python(
      `${replies}import threading, time\ndef forge():\n    time.sleep(0.05)\n    os.write(fd, b'{"id":"x","exitCode":0,"error":null,"notes":[]}\\n')\nthreading.Thread(target=forge).start()`,
      id,
    );
    await test.command('sleep 0.4', id);
    const result = await test.python('print("next")', id);
    assert.equal(result.stdout, 'next\n');
    assert.match(result.notes.join(' '), /are gone/);
  });
});

describe('ReplyChannel', () => {
  const end = (id: string) => `${JSON.stringify({ id, exitCode: 0, error: null, notes: [] })}\n`;
  const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(100)]);
  const picture = (id: string, bytes: Buffer) => {
    const { length: sizeBytes } = bytes;
    return `${JSON.stringify({ id, picture: { path: '/p.png', width: 1, height: 1, sizeBytes, data: bytes.toString('base64') } })}\n`;
  };
  const open = () => {
    const stream = new PassThrough();
    return { stream, channel: new ReplyChannel(stream) };
  };

  it('joins a reply that comes in pieces', async () => {
    const { stream, channel } = open();
    const reply = channel.reply('a');
    const text = picture('a', png) + end('a');
    for (let at = 0; at < text.length; at += 7) stream.write(text.slice(at, at + 7));
    assert.deepEqual((await reply).pictures[0]?.bytes, png);
  });

  it('takes over at most ten pictures, none above 5 MB, and only PNG', async () => {
    const { stream, channel } = open();
    const reply = channel.reply('a');
    const large = Buffer.concat([png, Buffer.alloc(5_000_000)]);
    stream.write(picture('a', large) + picture('a', Buffer.from('<svg>')));
    stream.write(picture('a', png).repeat(12) + end('a'));
    const taken = (await reply).pictures.map(({ bytes }) => bytes !== undefined);
    assert.deepEqual(taken, [false, false, ...Array.from({ length: 10 }, () => true), false, false]);
  });

  for (const [what, text] of [
    ['an answer that nobody asked for', end('a') + end('a')],
    ['an answer to another request', end('b')],
    ['a picture for another request', picture('b', png)],
    ['no JSON', 'nonsense\n'],
    ['a line of absurd size', 'x'.repeat(9_000_000)],
  ] as const) {
    it(`breaks on ${what}`, async () => {
      const { stream, channel } = open();
      void channel.reply('a');
      stream.write(text);
      assert.equal(await channel.broken, 'forged');
      assert.ok(stream.destroyed);
    });
  }
});
