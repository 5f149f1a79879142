import assert from 'node:assert/strict';
import { LiveOutput } from '../../../src/host/liveOutput.ts';
import { RunScreen, type ScreenEvent } from '../../../src/host/runScreen.ts';

const started = { type: 'call.started', callId: 'c', kind: 'command', text: 'echo hi', unconfined: false } as const;
const output = (data: string): ScreenEvent => ({ type: 'call.output', callId: 'c', data });
const ended = { type: 'call.ended', callId: 'c', outcome: 'exited', exitCode: 0, durationMs: 1200 } as const;

/** Text as it is read, without colours and modes. */
const read = (text: string) => text.replace(/\x1b\[[?0-9;]*[a-z]|\x1b\[0 q|\x1b\]8;;\x1b\\|\x1b[78]|\x1b\(B|\x0f/g, '');

describe('RunScreen', () => {
  const opened = () => {
    const screen = new RunScreen();
    let text = '';
    screen.open((more) => (text += more));
    return { screen, text: () => read(text), raw: () => text };
  };

  it('shows a command as a prompt line, its output, and how it ended', () => {
    const { screen, text } = opened();
    [started, output('hi\r\n'), ended].forEach(screen.show);
    assert.equal(text(), '$ echo hi\r\nhi\r\n✔ exit code 0 · 1.2s\r\n\r\n');
  });

  it('shows colours as they are, and puts the end on a line of its own', () => {
    const { screen, text, raw } = opened();
    [started, output('\x1b[31mred'), { ...ended, exitCode: 3 }].forEach(screen.show);
    assert.match(raw(), /\x1b\[31mred/);
    assert.match(text(), /red\r\n✘ exit code 3/);
  });

  it('shows Python and its line ends, and what was stopped', () => {
    const { screen, text } = opened();
    screen.show({ ...started, kind: 'python', text: 'for x in (1, 2):\n  print(x)\n' });
    screen.show(output('1\n2\n'));
    screen.show({ ...ended, outcome: 'stopped', exitCode: null });
    assert.equal(text(), '>>> for x in (1, 2):\r\n...   print(x)\r\n1\r\n2\r\n■ stopped · 1.2s\r\n\r\n');
  });

  it('says what runs unconfined, and shows no control character of a command', () => {
    const { screen, raw } = opened();
    screen.show({ ...started, text: 'echo \x1b]0;evil\x07', unconfined: true });
    assert.match(raw(), /not confined/);
    assert.doesNotMatch(raw(), /\x1b\]0/);
    assert.match(raw(), /‹U\+001B›/);
  });

  it('shows nothing of what would make the terminal answer or act', () => {
    const { screen, text, raw } = opened();
    [started, output('a\x1b[c\x1b]52;c;aGk=\x07\x1b]0;ti'), output('tle\x07b\x1b[6'), output('nc\r\n')].forEach(
      screen.show,
    );
    assert.equal(text(), '$ echo hi\r\nabc\r\n');
    screen.show(output('\x1b]0;never ended'));
    screen.show(ended);
    assert.match(text(), /\r\n✔ exit code 0/);
    assert.doesNotMatch(raw(), /never ended|aGk/);
  });

  it('says that a command waits for input, below its own words', () => {
    const { screen, text } = opened();
    [started, output('Name? ')].forEach(screen.show);
    screen.show({ type: 'call.waiting', callId: 'c', waiting: true });
    screen.show({ type: 'call.waiting', callId: 'c', waiting: false });
    screen.show({ ...ended, outcome: 'unanswered', exitCode: null });
    const lines = [
      '$ echo hi',
      'Name? ',
      '… waits for input: type it here',
      '■ ended: it waited for input, and nobody',
    ];
    assert.ok(text().startsWith(lines.join('\r\n')), text());
  });

  it('keeps what comes before it is open', () => {
    const screen = new RunScreen();
    screen.show(started);
    let text = '';
    screen.open((more) => (text += more));
    assert.equal(read(text), '$ echo hi\r\n');
  });

  it('passes typing and size on while its run goes on, and ends nothing when it closes', () => {
    const { screen } = opened();
    const seen: string[] = [];
    const shell = {
      subscribe: () => () => undefined,
      write: (data: string) => seen.push(`typed ${data}`),
      resize: (columns: number, rows: number) => seen.push(`${columns}x${rows}`),
    };
    assert.equal(screen.resize(80, 24), 200);
    screen.attach(shell);
    assert.equal(screen.resize(240, 30), 240);
    screen.type('too early');
    screen.show(started);
    screen.type('\x03');
    screen.show(ended);
    screen.type('too late');
    screen.show(started);
    screen.attach(undefined);
    screen.type('x');
    screen.attach(shell);
    screen.close();
    screen.type('y');
    assert.deepEqual(seen, ['200x24', '240x30', 'typed \x03', '240x30']);
  });
});

describe('LiveOutput', () => {
  const make = () => {
    const written: string[] = [];
    const timers: (() => void)[] = [];
    const live = new LiveOutput(
      (text) => written.push(text),
      (act) => {
        timers.push(act);
        return () => void timers.splice(timers.indexOf(act), 1);
      },
    );
    const tick = () => timers.shift()?.();
    return { live, written, timers, tick };
  };

  it('passes on what comes at a readable pace, for ever', () => {
    const { live, written, tick } = make();
    for (let count = 0; count < 100; count++) {
      live.push('x'.repeat(100_000));
      tick();
    }
    assert.equal(written.join('').length, 10_000_000);
  });

  it('shows a flood as head, tail and what is missing', () => {
    const { live, written, timers } = make();
    for (let count = 0; count < 500_000; count++)
      live.push(`line ${count}, and some more of it that nobody reads at all, ever ever ever ever ever ever ever\n`);
    live.end();
    const text = read(written.join(''));
    assert.ok(text.startsWith('line 0,'));
    assert.ok(text.endsWith('ever\r\n'));
    assert.match(text, /\r\n… 4\d\.\d MB not shown …\r\nline \d+, and/);
    assert.match(text, /line 499999, /);
    assert.ok(text.length < 300_000, String(text.length));
    assert.equal(timers.length, 0);
  });

  it('goes on showing once a flood calms down', () => {
    const { live, written, tick } = make();
    for (let count = 0; count < 10; count++) live.push('flood\n'.repeat(20_000));
    tick();
    live.push('calm\n');
    tick();
    live.push('after\n');
    const text = read(written.join(''));
    assert.match(text, /not shown …\r\n(?:flood\r\n)+calm\r\nafter\r\n$/);
  });

  it('shows an endless line without a newline as its end', () => {
    const { live, written } = make();
    for (let count = 0; count < 100; count++) live.push('z'.repeat(50_000));
    live.end();
    const text = written.join('');
    assert.ok(text.length < 300_000);
    assert.match(read(text), /4\.\d MB not shown …\r\nz+$/);
  });
});
