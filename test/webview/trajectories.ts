/** Logs to look at: realistic runs in every state, as data. */
import type { Fact, FactOf, TrajectoryEvent } from '../../src/shared/events.ts';

const question =
  'Which release dropped the old cache format, who decided it, and is anything in this repository still writing it?';

/** A log that grows: facts get their place, 1.7 s apart unless told. */
export function logOf(facts: readonly Fact[], startAt = 1_760_000_000_000): readonly TrajectoryEvent[] {
  return facts.map((fact, seq) => ({ ...fact, seq, at: startAt + seq * 1_700 }));
}

/** The first fact of every run here. */
export function started(more: Partial<FactOf<'run.started'>> = {}): Fact {
  return {
    type: 'run.started',
    format: 1,
    runId: '20251009-085320-a1b2c3',
    question,
    mentions: [],
    model: 'MiroThinker-v1.5-30B',
    baseUrl: 'http://127.0.0.1:8000/v1',
    toolFormat: 'mcp-xml',
    settings: {
      contextWindow: 262_144,
      maxTokens: 16_384,
      maxTurns: 600,
      maxCalls: 600,
      keep: 5,
      approval: 'ask',
      network: 'off',
      answer: 'full',
    },
    system: 'You are a research agent.',
    tools: [],
    roots: ['/home/ada/cache-tool'],
    ...more,
  };
}

/** A reply with at most one call. */
export function replied(
  turn: number,
  thought: string,
  call?: { readonly server?: string; readonly tool: string; readonly args: Record<string, unknown> },
  more: Partial<FactOf<'model.replied'>> = {},
): Fact {
  const { server = 'workspace', tool = '', args = {} } = call ?? {};
  return {
    type: 'model.replied',
    turn,
    content: `<think>\n${thought}\n</think>`,
    toolCalls: call ? [{ callId: `call-${turn}`, server, tool, arguments: args }] : [],
    finishReason: 'stop',
    usage: {
      promptTokens: 3_000 + turn * 2_650,
      completionTokens: 180 + ((turn * 37) % 400),
      cachedTokens: 2_900 + turn * 2_400,
    },
    durationMs: 3_100 + ((turn * 911) % 4_000),
    mended: [],
    ...more,
  };
}

/** A call that starts and ends. */
export function done(
  turn: number,
  reply: Fact,
  content: string,
  more: Partial<FactOf<'tool.finished'>> = {},
): readonly Fact[] {
  const call = reply.type === 'model.replied' ? reply.toolCalls[0] : undefined;
  if (!call) return [reply];
  const { callId, server, tool, arguments: args } = call;
  return [
    reply,
    { type: 'tool.started', callId, server, tool, arguments: args },
    {
      type: 'tool.finished',
      callId,
      outcome: 'ok',
      content,
      truncated: false,
      durationMs: 140 + ((turn * 733) % 2_900),
      ...more,
    },
  ];
}

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

const traceback = `Traceback (most recent call last):
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
    Array.from({ length: 40 }, (_, i) => `${i + 1}\tline ${i + 1} of the decision record`).join('\n'),
  );
  turn(4, 'A sandbox for the commands.', 'create_sandbox', { timeout: 600 }, 'sandbox_id: sb-81f2');
  turn(
    5,
    'Which tag has the removal?',
    'run_command',
    { command: 'git log --oneline --since=2019 -S "fmt == \\"v1\\"" -- src/cache/writer.py', sandbox_id: 'sb-81f2' },
    'e41c09a Stop writing v1 caches (#882)\n77b0d12 Warn on v1 caches\n1f3c5aa Add v2 format',
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
    "Counter({'v2': 118, 'v1': 3})",
    { exitCode: 0 },
  );
  facts.push({
    type: 'turn.rolledBack',
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
        Array.from({ length: 40 }, (_, i) => ` src/cache/part_${i}.py | ${i + 3} +-`).join('\n'),
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

/** The answer of the long run, with citations of every form. */
export const answered: readonly Fact[] = [
  { type: 'answer.requested', reason: 'finished', prompt: 'Summarise and answer.' },
  replied(37, 'I have the release, the person and the remaining writer.'),
  {
    type: 'answer.given',
    boxed: '4.0, decided by Ines Okafor',
    text: `Version **4.0** stopped writing the v1 cache format [CHANGELOG.md:41]; the decision is recorded as ADR 12, "Decided by: Ines Okafor, release manager, 2021-03-02" [docs/adr/0012-drop-v1-cache.md:9]. The announcement followed in June 2021 ([Release 4.0: goodbye v1 caches](https://cache-tool.example/blog/4.0)).

Two places still know the format:

- the writer keeps a branch for it [src/cache/writer.py:131; src/cache/writer.py:118]
- a changelog that does not exist [docs/missing file.md:7]

| release | writes v1 | reads v1 |
|---|---|---|
| 3.8 | with a warning | yes |
| 4.0 | no | yes |
| 5.0 | no | no |

Run \`python3 count.py\` to count what is left.`,
    sources: [
      { uri: 'CHANGELOG.md', startLine: 41, quote: 'The v1 cache format is deprecated and will be removed in 4.0' },
      {
        uri: 'docs/adr/0012-drop-v1-cache.md',
        startLine: 9,
        quote: 'Decided by: Ines Okafor, release manager, 2021-03-02',
      },
      { uri: 'https://cache-tool.example/blog/4.0', title: 'Release 4.0: goodbye v1 caches' },
      { uri: 'src/cache/writer.py', startLine: 131 },
      { uri: 'src/cache/writer.py', startLine: 118 },
      { uri: 'docs/missing file.md', startLine: 7, quote: 'This sentence stands nowhere' },
    ],
  },
  { type: 'run.ended', reason: 'answered' },
];

/** A run of so many turns with bodies of a few KB each, answered. */
export function hugeRun(turns: number): readonly Fact[] {
  const facts: Fact[] = [started()];
  for (let n = 1; n <= turns; n++) {
    const body = Array.from(
      { length: 60 },
      (_, i) => `src/module_${(n * 7 + i) % 97}/file_${i}.py:${n + i}:     value = compute(${n}, ${i})  # v1`,
    ).join('\n');
    const failed = n % 23 === 0;
    const reply = replied(
      n,
      `Step ${n}: look at the next module and compare it with what the changelog says.\nMore of the thought follows here.`,
      { tool: 'search_files', args: { pattern: `compute\\(${n}`, path: 'src' } },
    );
    facts.push(
      ...done(n, reply, failed ? 'ripgrep does not understand this search' : body, failed ? { outcome: 'failed' } : {}),
    );
  }
  return [...facts, ...answered.map((fact) => (fact.type === 'model.replied' ? { ...fact, turn: turns + 1 } : fact))];
}

/** An approval of a command that is asked for now. */
export const approving: readonly Fact[] = [
  replied(37, 'See the history of the writer.', {
    server: 'tool-python',
    tool: 'run_command',
    args: { command: 'git log --since=2019 --format="%h %an %s" -- src/cache/writer.py', sandbox_id: 'sb-81f2' },
  }),
  { type: 'approval.requested', callId: 'call-37', reason: 'It runs a command in the sandbox' },
];

/** An approval of an edit that is asked for now. */
export const approvingEdit: readonly Fact[] = [
  replied(37, 'Remove the branch.', {
    tool: 'edit_file',
    args: {
      path: 'src/cache/writer.py',
      old_text: '    if fmt == "v1":  # deprecated\n        return write_v1(rows)\n    return write_v2(rows)',
      new_text: '    return write_v2(rows)',
    },
  }),
  { type: 'approval.requested', callId: 'call-37', reason: 'It changes a file of the workspace' },
];

/** A command that runs now. */
export const acting: readonly Fact[] = [
  replied(37, 'Run the whole suite.', {
    server: 'tool-python',
    tool: 'run_command',
    args: { command: 'python3 -m pytest -q tests', sandbox_id: 'sb-81f2' },
  }),
  {
    type: 'tool.started',
    callId: 'call-37',
    server: 'tool-python',
    tool: 'run_command',
    arguments: { command: 'python3 -m pytest -q tests', sandbox_id: 'sb-81f2' },
  },
];
