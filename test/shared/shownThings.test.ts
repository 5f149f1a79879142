import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkSource } from '../../src/shared/checkSource.ts';
import { parseCommandOutput } from '../../src/shared/commandOutput.ts';
import { countChanges, lineDiff } from '../../src/shared/lineDiff.ts';
import { fromWebviewSchema } from '../../src/shared/protocol.ts';
import { countOf, formatBytes, formatClock, formatDuration, formatTokens } from '../../src/shared/quantities.ts';
import { parseHits } from '../../src/shared/searchHits.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { showControls } from '../../src/shared/visibleText.ts';
import { logOf } from '../webview/logs.ts';
import { longRun } from '../webview/longRun.ts';

describe('lineDiff', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
  const side = (lines: ReturnType<typeof lineDiff>, without: 'added' | 'removed') =>
    lines
      .filter(({ kind }) => kind !== without)
      .map(({ text }) => text)
      .join('\n');

  it('holds both texts, and no line twice', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = lineDiff(before, after);
        assert.equal(side(lines, 'added'), before);
        assert.equal(side(lines, 'removed'), after);
      }),
    );
  });

  it('is as small as it can be', () => {
    assert.deepEqual(countChanges(lineDiff('a\nb\nc\nd', 'a\nx\nc\nd\ne')), { added: 2, removed: 1 });
    assert.deepEqual(countChanges(lineDiff('a', 'a')), { added: 0, removed: 0 });
  });
});

describe('parseHits', () => {
  it('reads path:line: text, and keeps remarks apart', () => {
    const { hits, remarks } = parseHits(
      '2 lines in 1 file match.\n\na b/ü.md:3: x: 4:5\na b/ü.md:12: y\n  and 2 more lines in a b/ü.md',
    );
    assert.deepEqual(hits, [
      { path: 'a b/ü.md', line: 3, text: 'x: 4:5' },
      { path: 'a b/ü.md', line: 12, text: 'y' },
    ]);
    assert.deepEqual(remarks, ['2 lines in 1 file match.', '  and 2 more lines in a b/ü.md']);
  });

  it('reads headed hits', () => {
    assert.deepEqual(
      parseHits('src/a.py\n7:one\n9:two\n\nsrc/b.py\n1:three').hits.map(({ path, line }) => `${path}:${line}`),
      ['src/a.py:7', 'src/a.py:9', 'src/b.py:1'],
    );
  });
});

describe('parseCommandOutput', () => {
  const shape = (content: string) => parseCommandOutput(content);

  it('reads a command', () => {
    assert.deepEqual(shape('Exit code: 0\nDuration: 0.31 s\nOutput:\nstderr:\n one\nError:\n'), {
      sections: [{ name: 'output', text: 'stderr:\n one\nError:' }],
      remarks: [],
    });
    assert.deepEqual(shape('Exit code: 0\nDuration: 0.31 s\nNo output.'), { sections: [], remarks: [] });
    const ended = 'Timed out: the command was ended after 600 s.';
    assert.deepEqual(shape(`${ended}\nOutput:\nx`), { sections: [{ name: 'output', text: 'x' }], remarks: [ended] });
  });

  it('reads the streams of Python, apart', () => {
    const content = 'Exit code: 1\nDuration: 1.00 s\nError:\nTraceback\nKeyError: 1\nstdout:\nError:\nstderr:\nwarned';
    assert.deepEqual(shape(content).sections, [
      { name: 'error', text: 'Traceback\nKeyError: 1' },
      { name: 'stdout', text: 'Error:' },
      { name: 'stderr', text: 'warned' },
    ]);
  });

  for (const size of ['20000 characters', '1,000,001 lines, 100.0 MB', '1 line, 812 B']) {
    it(`shows a stream of ${size} from its beginning`, () => {
      const content = `Exit code: 0\nDuration: 1.00 s\nOutput is long (${size}). Its end:\nz\n\nOutput from its beginning:\na\nb`;
      assert.deepEqual(shape(content).sections, [{ name: 'output', text: 'a\nb' }]);
    });
  }

  it('knows what waited for input', () => {
    const content = 'Waited for input: nobody typed, so the command was ended after 3.0s.\nRun it so.\nOutput:\nName?';
    assert.deepEqual(shape(content).sections, [{ name: 'output', text: 'Name?' }]);
  });

  it('takes another text as it is', () => {
    assert.deepEqual(shape('no such sandbox').sections, [{ name: 'output', text: 'no such sandbox' }]);
  });
});

describe('checkSource', () => {
  const run = foldAll(logOf(longRun()));

  it('finds a quote in what the run saw, whatever its white space and quotation marks', () => {
    assert.equal(checkSource({ uri: 'x', quote: 'Decided by:  Ines Okafor,\nrelease manager' }, run).kind, 'quoted');
    assert.equal(checkSource({ uri: 'CHANGELOG.md', quote: 'Decided by: somebody else' }, run).kind, 'unseen');
  });

  it('without a quote asks whether the place was seen', () => {
    assert.deepEqual(checkSource({ uri: 'https://cache-tool.example/blog/4.0' }, run), { kind: 'seen', turn: 13 });
    assert.equal(checkSource({ uri: 'docs/never.md' }, run).kind, 'unseen');
  });

  it('counts files that were attached to a question', () => {
    const attachments = [{ path: 'far.txt', text: 'The tower is\n42 m high.', truncated: false }];
    const items = run.items.map((item) => (item.kind === 'question' ? { ...item, attachments } : item));
    const given = { ...run, items };
    assert.deepEqual(checkSource({ uri: 'far.txt', quote: 'tower is 42 m' }, given), { kind: 'quoted' });
    assert.deepEqual(checkSource({ uri: 'far.txt' }, given), { kind: 'seen' });
    assert.equal(checkSource({ uri: 'far.txt', quote: 'tower is 43 m' }, given).kind, 'unseen');
  });
});

describe('showControls', () => {
  it('shows what hides or reorders, and leaves all else', () => {
    assert.equal(showControls('a\u202eb\u200bc\u0007'), 'a‹U+202E›b‹U+200B›c‹U+0007›');
    const plain = 'tab\tnew\nline ü 漢字 👩‍💻 ‘’';
    assert.equal(showControls(plain), plain);
  });
});

describe('quantities', () => {
  it('are short', () => {
    assert.deepEqual([0, 240, 9_960, 59_600, 185_000, 7_620_000].map(formatDuration), [
      '0.0s',
      '0.2s',
      '10s',
      '1m 00s',
      '3m 05s',
      '2h 07m',
    ]);
    assert.deepEqual([0, 7_900, 760_000, 3_723_000].map(formatClock), ['0:00', '0:07', '12:40', '1:02:03']);
    assert.deepEqual([812, 9_640, 96_400, 999_700].map(formatTokens), ['812', '9.6k', '96k', '1.0M']);
    assert.deepEqual([640, 12_300, 3_400_000].map(formatBytes), ['640 B', '12 KB', '3.4 MB']);
    assert.deepEqual(
      [countOf(1, 'file'), countOf(3_412, 'line'), countOf(2, 'entry', 'entries')],
      ['1 file', '3,412 lines', '2 entries'],
    );
  });
});

describe('fromWebviewSchema', () => {
  it('takes intentions and nothing else', () => {
    const good = [
      { type: 'ready', runId: null, have: 0 },
      { type: 'approve', runId: 'r', callId: 'c', decision: 'run', note: 'n' },
      { type: 'openSource', uri: 'a b.md', line: 3 },
      { type: 'connect' },
    ];
    const bad = [
      { type: 'approve', runId: 'r', callId: 'c', decision: 'always' },
      { type: 'ready', runId: null, have: -1 },
      { type: 'eval' },
      null,
      'connect',
      { type: 'openSource', uri: 3 },
    ];
    assert.deepEqual(
      good.map((message) => fromWebviewSchema.safeParse(message).success),
      good.map(() => true),
    );
    assert.deepEqual(
      bad.map((message) => fromWebviewSchema.safeParse(message).success),
      bad.map(() => false),
    );
  });
});
