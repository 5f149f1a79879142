import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { editNotebookTool } from '../../src/tools/editNotebook.ts';
import { changeNotebook } from '../../src/tools/notebookEdit.ts';
import { readFileTool } from '../../src/tools/readFile.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { callTool, temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

/** As Jupyter writes it: an indentation of one blank, names in order, numbers that JavaScript would write otherwise. */
const jupyter = `{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "aa",
   "metadata": {"tags": [1.0, 12345678901234567890]},
   "source": [
    "# Title\\n",
    "text"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 7,
   "id": "bb",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "one \\u001b[31mred\\u001b[0m\\n"
     ]
    },
    {
     "data": {
      "image/png": "${'A'.repeat(4000)}",
      "text/plain": [
       "<Figure>"
      ]
     },
     "output_type": "display_data"
    }
   ],
   "source": [
    "print('one')"
   ]
  }
 ],
 "metadata": {
  "kernelspec": {"name": "python3", "x": 1e2}
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

describe('notebooks', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder({
      'a.ipynb': jupyter,
      'broken.ipynb': '{"cells": [',
      'old.ipynb': '{"nbformat": 3}',
    });
  });
  afterEach(() => folder.remove());

  const text = (name = 'a.ipynb') => readFile(join(folder.path, name), 'utf8');
  const read = async (args: object) =>
    (await callTool(readFileTool(await openWorkspace([folder.path])), { path: 'a.ipynb', ...args })).content;
  const edit = async (args: object) =>
    callTool(editNotebookTool(await openWorkspace([folder.path])), { path: 'a.ipynb', ...args });

  it('are read as cells with their outputs as text, pictures told', async () => {
    assert.equal(
      await read({}),
      "--- Cell 1 of 2: markdown ---\n# Title\ntext\n--- Cell 2 of 2: code [7] ---\nprint('one')\n--- Output of cell 2 ---\none red\n<Figure>\n[image/png, 3 KB]",
    );
    assert.equal(
      await read({ start_line: 1, end_line: 1 }),
      '--- Cell 1 of 2: markdown ---\n# Title\ntext\n[Cells 1 to 1 of 2.]',
    );
    await assert.rejects(read({ start_line: 3 }), /a\.ipynb has 2 cells; cell 3 is beyond its end/);
  });

  it('are read as text where they are broken, with a word about it', async () => {
    assert.match(
      await read({ path: 'broken.ipynb' }),
      /^1\t\{"cells": \[\n\[It is shown as text: the notebook is broken: it is no JSON/,
    );
    assert.match(await read({ path: 'old.ipynb' }), /not of format 4/);
  });

  it('are cut where they are long, outputs in their middle, and say where to go on', async () => {
    const output = {
      output_type: 'stream',
      name: 'stdout',
      text: Array.from({ length: 3000 }, (_, line) => `${line}\n`),
    };
    const cell = {
      cell_type: 'code',
      metadata: {},
      source: 'x'.repeat(15_000).replace(/.{100}/g, '$&\n'),
      outputs: [output],
    };
    await folder.put({ 'a.ipynb': JSON.stringify({ nbformat: 4, cells: Array.from({ length: 9 }, () => cell) }) });
    const content = await read({});
    assert.ok(content.length < 62_000);
    assert.match(content, /\[Cells 1 to 3 of 9\. Go on with start_line 4\.\]$/);
    assert.match(content, /\n… \[[\d,]+ characters left out\]\n/);
  });

  it('keep every other byte when a cell is replaced; its outputs go', async () => {
    const { content, touched } = await edit({ cell: 2, source: 'x = "ü"\nprint(x)' });
    assert.equal(content, 'Replaced cell 2 of a.ipynb (code). Its outputs are cleared.');
    assert.deepEqual(touched, [join(folder.path, 'a.ipynb')]);
    const start = jupyter.indexOf('"outputs": [');
    const expected = `${jupyter.slice(0, start).replace('"execution_count": 7', '"execution_count": null')}"outputs": [],
   "source": [
    "x = \\"ü\\"\\n",
    "print(x)"
   ]
  }${jupyter.slice(jupyter.indexOf('\n ],\n "metadata"'))}`;
    assert.equal(await text(), expected);
  });

  it('take a new cell at the beginning, between and at the end, as Jupyter would write it', async () => {
    await edit({ cell: 3, action: 'insert', source: 'last' });
    await edit({ cell: 1, action: 'insert', source: 'first\nline', cell_type: 'markdown' });
    const said = (await edit({ cell: 3, action: 'insert', source: '' })).content;
    assert.equal(said, 'Inserted cell 3 into a.ipynb (code). It has 5 cells now.');
    const written = await text();
    assert.match(
      written,
      /\[\n {2}\{\n {3}"cell_type": "markdown",\n {3}"id": "[0-9a-f]{8}",\n {3}"metadata": \{\},\n {3}"source": \[\n {4}"first\\n",\n {4}"line"\n {3}\]\n {2}\},\n {2}\{\n/,
    );
    assert.match(
      written,
      /\n {2}\},\n {2}\{\n {3}"cell_type": "code",\n {3}"execution_count": null,\n {3}"id": "[0-9a-f]{8}",\n {3}"metadata": \{\},\n {3}"outputs": \[\],\n {3}"source": \[\n {4}"last"\n {3}\]\n {2}\}\n \],\n/,
    );
    assert.deepEqual(sources(written), ['first\nline', '# Title\ntext', '', "print('one')", 'last']);
  });

  it('lose a cell, and all of them', async () => {
    await edit({ cell: 1, action: 'delete' });
    assert.deepEqual(sources(await text()), ["print('one')"]);
    assert.equal((await edit({ cell: 1, action: 'delete' })).content, 'Deleted cell 1 of a.ipynb. It has 0 cells now.');
    assert.match(await text(), /\n "cells": \[\],\n "metadata"/);
    await edit({ cell: 1, action: 'insert', source: 'new' });
    assert.match(await text(), /^\{\n "cells": \[\n {2}\{\n {3}"cell_type": "code",[^]*\n {2}\}\n \],\n "metadata"/);
  });

  it('change the type of a cell with what belongs to it', async () => {
    await edit({ cell: 2, source: '# Text', cell_type: 'markdown' });
    assert.match(
      await text(),
      /"id": "bb",\n {3}"metadata": \{\},\n {3}"source": \[\n {4}"# Text"\n {3}\]\n {2}\}\n \],/,
    );
    await edit({ cell: 1, source: 'code', cell_type: 'code' });
    assert.match(await text(), /"execution_count": null,\n {3}"outputs": \[\]/);
  });

  it('refuse what is broken or does not fit, in words', async () => {
    await assert.rejects(
      edit({ path: 'broken.ipynb', cell: 1, source: 'x' }),
      /cannot be edited by cells: the notebook is broken/,
    );
    await assert.rejects(edit({ path: 'old.ipynb', cell: 1, source: 'x' }), /not of format 4/);
    await assert.rejects(edit({ cell: 3, source: 'x' }), /has 2 cells: there is no cell 3/);
    await assert.rejects(edit({ cell: 4, action: 'insert', source: 'x' }), /can be cell 3 at most/);
    await assert.rejects(edit({ cell: 1 }), /source is needed/);
    await assert.rejects(edit({ cell: 1, source: '# Title\ntext' }), /nothing would change/);
    await folder.put({ 'x.txt': '' });
    await assert.rejects(edit({ path: 'x.txt', cell: 1, source: 'x' }), /is no notebook/);
    assert.equal(await text(), jupyter);
  });

  it('stay valid and keep the other cells, however they are written', () => {
    const cell = fc.record({
      cell_type: fc.constantFrom('code', 'markdown'),
      metadata: fc.dictionary(fc.string(), fc.jsonValue()),
      source: fc.oneof(fc.string(), fc.array(fc.string())),
      outputs: fc.array(fc.record({ output_type: fc.constant('stream'), text: fc.string() })),
    });
    const notebook = fc.record({
      metadata: fc.jsonValue(),
      cells: fc.array(cell, { maxLength: 4 }),
      nbformat: fc.constant(4),
    });
    const indent = fc.constantFrom('', ' ', '  ', '\t');
    const kind = fc.constantFrom('replace' as const, 'insert' as const, 'delete' as const);
    fc.assert(
      fc.property(notebook, indent, kind, fc.nat(4), fc.string(), (value, unit, wanted, at, source) => {
        const before = JSON.stringify(value, null, unit);
        const old = sources(before);
        const index = Math.min(at, old.length);
        const action = index === old.length ? 'insert' : wanted;
        const type = value.cells[index]?.cell_type === 'markdown' ? ('markdown' as const) : ('code' as const);
        const change = action === 'delete' ? { kind: action, index } : { kind: action, index, source, type };
        const after = changeNotebook(before, change, 'id');
        const fresh = action === 'delete' ? [] : [source];
        assert.deepEqual(sources(after), old.toSpliced(index, action === 'insert' ? 0 : 1, ...fresh));
        const rest = ({ cells: _cells, ...others }: Record<string, unknown>) => others;
        assert.deepEqual(rest(parse(after)), rest(parse(before)));
      }),
    );
  });
});

const notebookShape = z.looseObject({
  cells: z.array(z.looseObject({ source: z.union([z.string(), z.array(z.string())]) })),
});

function parse(json: string): z.infer<typeof notebookShape> {
  return notebookShape.parse(JSON.parse(json));
}

function sources(json: string): readonly string[] {
  return parse(json).cells.map(({ source }) => (typeof source === 'string' ? source : source.join('')));
}
