/** An answer whose citations were checked: every state, and sentences that cite nothing. */
import type { Fact } from '../../src/shared/events.ts';
import { done, replied, started } from './logs.ts';

const text = `# The cache

Version **4.0** stopped writing the old format [1], as the [blog](https://cache-tool.example/blog/4.0) says [2][3]. It was a relief for **everybody** who had ever worked on it.

The old files are still read by every release after that one [4, 5].

- Nobody on the team objected to the removal at the time

| Release | Readers | Date |
| --- | --- | --- |
| 4.0 | 1,250 | May 2019 |
| 4.1 | 980 | March 2020 |

Some 61 % of the tests were rewritten for it. They are green again [1].

Sources:
[1] CHANGELOG.md:41 "The v1 cache format is gone"
[2] https://cache-tool.example/blog/4.0 "goodbye to the v1 caches of 2019"
[3] https://cache-tool.example/adr "decided in March by the release manager"
[4] src/cache/reader.py`;

const unsupported = [
  'It was a relief for **everybody** who had ever worked on it.',
  'Nobody on the team objected to the removal at the time',
  '4.0 | 1,250 | May 2019',
  '4.1 | 980 | March 2020',
  'Some 61 % of the tests were rewritten for it.',
].map((sentence, index) => ({
  from: text.indexOf(sentence),
  to: text.indexOf(sentence) + sentence.length,
  ...(index === 4 && { missing: ['61 %'], sought: [1] }),
}));

const uris = [
  'CHANGELOG.md',
  'https://cache-tool.example/blog/4.0',
  'https://cache-tool.example/adr',
  'src/cache/reader.py',
];
const quotes = [
  'The v1 cache format is gone',
  'goodbye to the v1 caches of 2019',
  'decided in March by the release manager',
];

/** Until the answer, and what its check found. */
export const given: readonly Fact[] = [
  started(),
  ...done(
    1,
    replied(1, 'The changelog.', { tool: 'read_file', args: { path: 'CHANGELOG.md' } }),
    '41\t- The v1 cache format is gone.',
    {
      sources: [{ uri: 'CHANGELOG.md', kind: 'file', retrievedAt: 1, spans: [], startLine: 41 }],
    },
  ),
  { type: 'answer.requested', reason: 'finished', prompt: 'Summarise and answer.' },
  replied(2, 'I have it.'),
  {
    type: 'answer.given',
    boxed: '4.0',
    text,
    sources: uris.map((uri, index) => ({
      uri,
      ...(index === 0 && { startLine: 41 }),
      ...(quotes[index] !== undefined && { quote: quotes[index] }),
    })),
  },
];
export const found = { callId: 'call-1', index: 0 };
export const checked: Fact = {
  type: 'citations.checked',
  citations: [
    { number: 1, uri: 'CHANGELOG.md', quote: quotes[0] ?? '', state: 'verified', found, span: { from: 5, to: 32 } },
    {
      ...{ number: 2, uri: uris[1] ?? '', quote: quotes[1] ?? '', state: 'missing', found },
      why: 'The source says something else: “2021” where the quote has “2019”.',
    },
    {
      ...{ number: 3, uri: uris[2] ?? '', quote: quotes[2] ?? '', state: 'partly', found },
      why: 'It stands in another source: Release 4.0: goodbye v1 caches.',
    },
    {
      number: 4,
      uri: uris[3] ?? '',
      state: 'partly',
      why: 'The source was read, but the answer quotes nothing of it.',
    },
    { number: 5, uri: '', state: 'missing', why: 'The answer lists no source with this number.' },
  ],
  unsupported,
};
