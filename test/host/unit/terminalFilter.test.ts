import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { RunScreen } from '../../../src/host/runScreen.ts';
import { TerminalFilter, typedOnly } from '../../../src/host/terminalFilter.ts';

/** The emulator that VS Code draws its terminals with, without the drawing. */
const headlessPath = join(
  import.meta.dirname,
  '../../../.code-server/node_modules/code-server/lib/vscode/node_modules/@xterm/headless',
);
interface HeadlessTerminal {
  readonly onData: (listener: (data: string) => void) => void;
  readonly onTitleChange: (listener: (title: string) => void) => void;
  readonly write: (text: string, done: () => void) => void;
  readonly dispose: () => void;
  readonly modes: Readonly<Record<string, boolean | string>>;
  readonly buffer: {
    readonly active: {
      readonly type: string;
      readonly cursorY: number;
      readonly baseY: number;
      readonly getLine: (line: number) => { readonly translateToString: (trim: boolean) => string } | undefined;
    };
  };
}
type HeadlessConstructor = new (options: object) => HeadlessTerminal;
const headless = z.object({ Terminal: z.custom<HeadlessConstructor>((value) => typeof value === 'function') });

const filtered = (...chunks: readonly string[]) => {
  const filter = new TerminalFilter();
  return chunks.map((chunk) => filter.push(chunk)).join('');
};

/** Everything that may come out: text, and sequences that only draw. */
const harmless =
  /^(?:[\x07-\x0a\x0d\x0b\x0c\x0e\x0f\x20-\x7e\xa0-\u{10ffff}]|\x1b[78DEHM=>]|\x1b#[3-68]|\x1b[()*+][0AB]|\x1b\[[?\d;: ]*[@A-HJ-MPSTXZ`abdefghlmqrsu]|\x1b\]8;[^\x07\x1b]*\x1b\\)*$/u;

const pieces = fc.constantFrom(
  ...['\x1b', '\x1b[', '\x1b]', '\x1bP', '\x9b', '\x9d', '\x90', '\x1b\\', '\x07', '\x9c', '\x18', '\x05', '\r', '\n'],
  ...['6n', 'c', '>c', '?25h', '?1049h', '?6n', '31m', '2J', '5i', '21t', '18t', '$p', '>q', '?u', 'x', '1;1*y'],
  ...[
    '52;c;aGk=',
    '0;title',
    '8;;https://a.b',
    '8;;',
    '633;A',
    '133;A',
    '697;x',
    '10;?',
    '$qm',
    '+q544e',
    '_Gi=1;',
    'text',
    'é😀',
  ],
);

describe('TerminalFilter', () => {
  const dropped: readonly (readonly [string, string])[] = [
    ['the question what it is', '\x1b[c\x1b[>c\x1b[=c\x1b[0c\x1bZ\x9bc'],
    ['the question where the cursor is', '\x1b[6n\x1b[?6n\x1b[5n'],
    [
      'questions for modes and settings',
      '\x1b[?1$p\x1b[4$p\x1bP$qm\x1b\\\x1bP+q544e\x1b\\\x1b[x\x1b[1;1;1;1;1;1*y\x1b[>q',
    ],
    ['window reports and moves', '\x1b[21t\x1b[18t\x1b[3;0;0t\x1b[8;50;50t'],
    ['the answerback', '\x05'],
    ['printing', '\x1b[5i\x1b[?5i\x1b[i'],
    ['the clipboard', '\x1b]52;c;aGk=\x07\x1b]52;c;?\x1b\\\x9d52;c;aGk=\x9c'],
    ['titles', '\x1b]0;title\x07\x1b]2;title\x1b\\\x1b]1;icon\x07'],
    [
      'what editors take for their own',
      '\x1b]633;E;rm -rf\x07\x1b]697;a\x07\x1b]7;file:///x\x07\x1b]133;C\x07\x1b]1337;File=:a\x07',
    ],
    ['colours that are asked for or changed', '\x1b]10;?\x07\x1b]4;1;red\x07\x1b]104\x07'],
    ['keyboard protocols', '\x1b[>1u\x1b[?u\x1b[=1u\x1b[>4;2m'],
    ['a whole reset', '\x1bc\x1b[!p'],
    ['links to what runs something', '\x1b]8;;vscode://x/y\x1b\\\x1b]8;;command:x\x1b\\'],
    ['device strings and private ones', '\x1bPq#0;1\x1b\\\x1b_Gi=1;AAAA\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\'],
  ];
  for (const [name, raw] of dropped) {
    it(`drops ${name}, however it is cut`, () => {
      assert.equal(filtered(`a${raw}b`), 'ab');
      assert.equal(filtered(...`a${raw}b`.split('')), 'ab');
    });
  }

  const passed: readonly (readonly [string, string])[] = [
    ['colours', '\x1b[1;38;5;196mred\x1b[0m\x1b[38:2::1:2:3m'],
    ['moves and erasing', '\x1b[2J\x1b[H\x1b[10;20H\x1b[K\x1b[3A\x1b[?25l\x1b7\x1b8'],
    ['the other screen', '\x1b[?1049h\x1b[1;40r\x1b[?1049l'],
    ['line drawing', '\x1b(0lqk\x1b(B'],
    ['links', '\x1b]8;id=1;https://a.b/c\x1b\\there\x1b]8;;\x1b\\'],
    ['text of any script', 'é€😀漢 \ttab\r\n\b\x07'],
  ];
  for (const [name, raw] of passed) {
    it(`passes ${name} on as they are, however they are cut`, () => {
      assert.equal(filtered(raw), raw);
      assert.equal(filtered(...raw.split('')), raw);
    });
  }

  it('lets nothing but drawing through, and the same however it is cut', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const whole = filtered(parts.join(''));
        assert.equal(filtered(...parts), whole);
        assert.equal(filtered(...parts.join('').split('')), whole);
        assert.match(whole, harmless);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not let a string that never ends swallow what comes', () => {
    assert.equal(filtered('\x1b]0;title\nnext'), '\nnext');
    assert.equal(filtered(`\x1bP${'x'.repeat(100_000)}`, '\r\nnext'), '\r\nnext');
  });

  it('reads 20 MB of an adversary in bounded time', function () {
    this.timeout(20_000);
    for (const nasty of ['\x1b]', '\x1b[', '\x1bP\x1b', '\x1b[1;', '\x9b']) {
      const filter = new TerminalFilter();
      for (let count = 0; count < 20; count++) filter.push(nasty.repeat(100_000));
    }
  });
});

describe('typedOnly', () => {
  it('passes on what a person types and pastes', () => {
    for (const typed of [
      'y\r',
      '\x03',
      '\x1b[A\x1b[1;5C\x1bOP\x1b[3~',
      '\x1b[200~pasted\x1b[201~',
      'é😀',
      '\x1b',
      '\x1bx',
    ]) {
      assert.equal(typedOnly(typed), typed);
    }
  });

  it('drops what only a terminal says', () => {
    const said = [
      '\x1b[12;40R',
      '\x1b[?1;2c',
      '\x1b[>0;276;0c',
      '\x1b[0n',
      '\x1b[8;50;200t',
      '\x1b[?1;2$y',
      '\x1b[?0u',
    ];
    const strings = ['\x1b]10;rgb:ff/ff/ff\x07', '\x1bP1$r0m\x1b\\', '\x1bP>|xterm.js\x1b\\', '\x1b]lrm -rf ~\x1b\\'];
    for (const answer of [...said, ...strings]) assert.equal(typedOnly(`a${answer}b`), 'ab', JSON.stringify(answer));
  });
});

describe('TerminalFilter before a real terminal', () => {
  const { Terminal } = headless.parse(createRequire(import.meta.url)(headlessPath));

  it('lets a program leave nothing on: the end of its call puts all back', async () => {
    const terminal = new Terminal({ allowProposedApi: true, cols: 80, rows: 24 });
    const screen = new RunScreen();
    screen.open((text) => terminal.write(text, () => undefined));
    const left = ['?1049h', '?1003h', '?1006h', '?1004h', '?2004h', '?1h', '?6h', '?7l', '?25l', '4h', '5;10r', '31m'];
    screen.show({ type: 'call.started', callId: 'c', kind: 'command', text: 'evil', unconfined: false });
    screen.show({
      type: 'call.output',
      callId: 'c',
      data: `${left.map((each) => `\x1b[${each}`).join('')}\x1b(0\x1b=`,
    });
    screen.show({ type: 'call.ended', callId: 'c', outcome: 'exited', exitCode: 0, durationMs: 1 });
    await new Promise<void>((resolve) => terminal.write('lqk', resolve));
    assert.equal(terminal.buffer.active.type, 'normal');
    const off = { mouseTrackingMode: 'none', sendFocusMode: false, bracketedPasteMode: false };
    const keys = { applicationCursorKeysMode: false, applicationKeypadMode: false };
    const drawing = { insertMode: false, originMode: false, wraparoundMode: true };
    const { modes } = terminal;
    assert.deepEqual({ ...modes, ...off, ...keys, ...drawing }, { ...modes });
    const { cursorY, baseY } = terminal.buffer.active;
    assert.equal(terminal.buffer.active.getLine(baseY + cursorY)?.translateToString(true), 'lqk');
    terminal.dispose();
  });

  it('writes the end of a call behind its output', async () => {
    const terminal = new Terminal({ allowProposedApi: true, cols: 80, rows: 24 });
    const screen = new RunScreen();
    screen.open((text) => terminal.write(text, () => undefined));
    screen.show({ type: 'call.started', callId: 'c', kind: 'command', text: 'ls', unconfined: false });
    screen.show({ type: 'call.output', callId: 'c', data: 'one\r\ntwo' });
    screen.show({ type: 'call.ended', callId: 'c', outcome: 'exited', exitCode: 0, durationMs: 1 });
    await new Promise<void>((resolve) => terminal.write('', resolve));
    const lines = [0, 1, 2, 3].map((line) => terminal.buffer.active.getLine(line)?.translateToString(true) ?? '');
    assert.deepEqual(lines.slice(0, 3), ['$ ls', 'one', 'two']);
    assert.match(lines[3] ?? '', /^✔ exit code 0/);
    terminal.dispose();
  });

  it('leaves it nothing to answer, and its title, clipboard and handlers alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 30 }), async (parts) => {
        const terminal = new Terminal({ allowProposedApi: true, cols: 80, rows: 24 });
        const said: string[] = [];
        terminal.onData((data: string) => said.push(data));
        terminal.onTitleChange((title: string) => said.push(title));
        await new Promise<void>((resolve) => terminal.write(filtered(...parts), resolve));
        terminal.dispose();
        assert.deepEqual(said, []);
      }),
      { numRuns: 300 },
    );
  });
});
