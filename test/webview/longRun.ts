/** A run of about forty turns with every kind of call and outcome. */
import type { Fact, FactOf } from '../../src/shared/events.ts';
import { done, replied, started } from './logs.ts';

const hits = `14 lines in 5 files match.

CHANGELOG.md:41: - The v1 cache format is deprecated and will be removed in 4.0
CHANGELOG.md:58: - Deprecated: writing v1 caches (ADR 12)
docs/adr/0012-drop-v1-cache.md:1: # 12. Drop the v1 cache format
docs/adr/0012-drop-v1-cache.md:9: Decided by: Ines Okafor, release manager, 2021-03-02
docs/adr/0012-drop-v1-cache.md:23: Writing v1 stops in 4.0; reading it stops in 5.0
src/cache/writer.py:118:     # TODO: v1 is deprecated, see ADR 12
src/cache/writer.py:131:     if fmt == "v1":  # deprecated
src/cache/reader.py:77:     warnings.warn("v1 caches are deprecated", DeprecationWarning)
tests/test_cache.py:12: def test_v1_is_deprecated():
tests/test_cache.py:19:     with pytest.deprecated_call():
tests/test_cache.py:33: # deprecated in 3.8, removed in 4.0
tests/test_cache.py:34: # deprecated in 3.8, removed in 4.0
tests/test_cache.py:51:     deprecated = True
tests/test_cache.py:60:     assert deprecated`;

const traceback = `Exit code: 1
Duration: 3.12 s
Output:
Traceback (most recent call last):
  File "/workspace/count.py", line 14, in <module>
    print(summarise(rows))
  File "/workspace/count.py", line 9, in summarise
    return {row["date"]: row["format"] for row in rows}
KeyError: 'date'`;

/** A run of about forty turns with every kind of call and outcome, up to and without its answer. */
export function longRun(): readonly Fact[] {
  const facts: Fact[] = [started()];
  const turn = (
    n: number,
    thought: string,
    tool: string,
    args: Record<string, unknown>,
    content: string,
    more: Partial<FactOf<'tool.finished'>> = {},
  ) =>
    facts.push(
      ...done(
        n,
        replied(n, thought, {
          tool,
          args,
          ...(tool.startsWith('run_') || tool === 'create_sandbox' ? { server: 'tool-python' } : {}),
        }),
        content,
        more,
      ),
    );
  turn(
    1,
    'I start with the layout of the repository.\nThe question has three parts: release, person, and what still writes the format.',
    'list_files',
    { path: '', depth: 2 },
    'CHANGELOG.md\nREADME.md\ndocs/\ndocs/adr/\nsrc/\nsrc/cache/\nsrc/cache/reader.py\nsrc/cache/writer.py\ntests/\ntests/test_cache.py',
  );
  turn(2, 'Search for the deprecation notice.', 'search_files', { pattern: 'deprecat', path: '.' }, hits);
  turn(
    3,
    'The decision record names a person. Read it whole.',
    'read_file',
    { path: 'docs/adr/0012-drop-v1-cache.md', start_line: 1, end_line: 40 },
    Array.from({ length: 40 }, (_, i) => `${i + 1}\tline ${i + 1} of the decision record`)
      .concat('[Lines 1 to 40 of 62 lines. Go on with start_line 41.]')
      .join('\n'),
  );
  turn(
    4,
    'A sandbox for the commands.',
    'create_sandbox',
    { timeout: 600 },
    'Sandbox created. sandbox_id: sb-81f2\nA call in it may take 600 s. Commands and Python start in the workspace.',
  );
  turn(
    5,
    'Which tag has the removal?',
    'run_command',
    { command: 'git log --oneline --since=2019 -S "fmt == \\"v1\\"" -- src/cache/writer.py', sandbox_id: 'sb-81f2' },
    'Exit code: 0\nDuration: 0.90 s\nOutput:\ne41c09a Stop writing v1 caches (#882)\n77b0d12 Warn on v1 caches\n1f3c5aa Add v2 format',
    { exitCode: 0 },
  );
  turn(
    6,
    'Count the formats in the fixtures with a script.',
    'write_file',
    {
      path: 'count.py',
      content:
        'import json\n\nrows = json.load(open("fixtures.json"))\n\n\ndef summarise(rows):\n    return {row["date"]: row["format"] for row in rows}\n\n\nprint(summarise(rows))\n',
    },
    'Wrote count.py (10 lines).',
  );
  turn(7, 'Run it.', 'run_command', { command: 'python3 count.py', sandbox_id: 'sb-81f2' }, traceback, {
    exitCode: 1,
    durationMs: 3_120,
  });
  turn(
    8,
    'The key is called day. Fix it and run again.',
    'edit_file',
    {
      path: 'count.py',
      old_text: 'def summarise(rows):\n    return {row["date"]: row["format"] for row in rows}',
      new_text:
        'def summarise(rows):\n    # The fixtures say day, not date.\n    return {row["day"]: row["format"] for row in rows}',
    },
    'Edited count.py.',
  );
  turn(
    9,
    'Again.',
    'run_python_code',
    {
      code_block:
        'import json\nfrom collections import Counter\n\nrows = json.load(open("fixtures.json"))\nprint(Counter(row["format"] for row in rows))',
      sandbox_id: 'sb-81f2',
    },
    "Exit code: 0\nDuration: 0.31 s\nstdout:\nCounter({'v2': 118, 'v1': 3})",
    { exitCode: 0 },
  );
  facts.push({
    type: 'turn.rolledBack',
    kind: 'malformed',
    reason: 'The reply held tool-call tags but no call that can be read',
    reply: '<use_mcp_tool>\n<server_name>workspace</server_name>\n<tool_name>read_file',
  });
  turn(
    10,
    'Three fixtures are v1. Who writes them?',
    'read_file',
    { path: 'src/cache/ghost.py' },
    'There is no file src/cache/ghost.py. Close to it: src/cache/reader.py, src/cache/writer.py',
    { outcome: 'failed' },
  );
  facts.push(
    replied(11, 'Delete the stale cache folder before the test.', {
      server: 'tool-python',
      tool: 'run_command',
      args: { command: 'rm -rf .cache/v1 && make fixtures' },
    }),
    { type: 'approval.requested', callId: 'call-11', reason: 'It runs a command' },
    { type: 'approval.decided', callId: 'call-11', decision: 'deny', note: 'Leave the fixtures alone' },
    {
      type: 'tool.finished',
      callId: 'call-11',
      outcome: 'denied',
      content: 'The person did not allow this call. They say: Leave the fixtures alone',
      truncated: false,
      durationMs: 0,
    },
  );
  turn(
    12,
    'Look for the announcement on the web.',
    'google_search',
    { q: '"v1 cache format" removed 4.0 announcement' },
    JSON.stringify({
      organic: [
        {
          title: 'Release 4.0: goodbye v1 caches',
          link: 'https://cache-tool.example/blog/4.0',
          snippet: 'With 4.0 the v1 cache format is no longer written. Reading it is kept until 5.0 …',
          position: 1,
        },
        {
          title: 'Migrating caches',
          link: 'https://docs.cache-tool.example/migrate',
          snippet: 'How to convert a v1 cache in place, and what to check first.',
          position: 2,
        },
      ],
    }),
  );
  turn(
    13,
    'Read the announcement.',
    'scrape_and_extract_info',
    { url: 'https://cache-tool.example/blog/4.0', info_to_extract: 'date and author' },
    JSON.stringify({
      success: true,
      url: 'https://cache-tool.example/blog/4.0',
      extracted_info: 'Published 2021-06-14 by Ines Okafor. 4.0 stops writing v1.',
    }),
  );
  for (let n = 14; n <= 36; n++) {
    if (n % 5 === 0)
      turn(
        n,
        `Compare release ${n} with the one before it.`,
        'run_command',
        { command: `git diff --stat v3.${n - 1} v3.${n}`, sandbox_id: 'sb-81f2' },
        ['Exit code: 0', 'Duration: 2.60 s', 'Output:']
          .concat(Array.from({ length: 40 }, (_, i) => ` src/cache/part_${i}.py | ${i + 3} +-`))
          .join('\n'),
        { exitCode: 0 },
      );
    else
      turn(
        n,
        `Check the ${['writer', 'reader', 'tests', 'docs'][n % 4]} for a remaining use of v1, step ${n}.`,
        'search_files',
        { pattern: 'v1', path: ['src/cache/writer.py', 'src/cache/reader.py', 'tests', 'docs'][n % 4] },
        `2 lines in 1 file match.\n\nsrc/cache/writer.py:118:     # TODO: v1 is deprecated, see ADR 12\nsrc/cache/writer.py:131:     if fmt == "v1":  # deprecated`,
      );
  }
  return facts;
}
