import assert from 'node:assert/strict';
import { splitMentions } from '../../../src/host/splitMentions.ts';

describe('splitMentions', () => {
  it('keeps text files as mentions, and takes documents for attachments', () => {
    assert.deepEqual(splitMentions(['docs/a.md', 'b.PDF', 'src/c.ts', 'd e.docx', 'pdf', 'f.png']), {
      kept: ['docs/a.md', 'src/c.ts', 'pdf'],
      documents: ['b.PDF', 'd e.docx', 'f.png'],
    });
  });
});
