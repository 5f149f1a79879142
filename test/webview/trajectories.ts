/** Ends and moments of runs: answers, approvals, running tools, and a run of hundreds of turns. */
import type { Fact } from '../../src/shared/events.ts';
import { done, replied, started } from './logs.ts';

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
  {
    type: 'approval.requested',
    callId: 'call-37',
    reason: 'It runs code in the sandbox. No rule allows `git log --since=2019`.',
    scope: 'commands that begin with `git log`',
  },
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
