/** Paragraphs, lines of lists and tables of a text that comes piece by piece. */
import { maxDocumentChars, rowsTable } from './rowsTable.ts';

/** Lives while one document is read. */
export class RtfBlocks {
  readonly #blocks: string[] = [];
  readonly #rows: string[][] = [];
  readonly #links: number[] = [];
  #cells: string[] = [];
  #text = '';
  /** The paragraph in which a note stands, while the note comes. */
  #around: string | undefined;
  #level = 0;
  #isInTable = false;
  #isItem = false;

  say(text: string): void {
    this.#text += text;
  }

  /** What a control word does to the paragraph; those of looks do nothing. */
  control(name: string, value: number | undefined): void {
    switch (name) {
      case 'par':
      case 'sect':
      case 'page':
        if (this.#around !== undefined || this.#isInTable) this.#text += ' ';
        else this.#endParagraph();
        break;
      case 'pard':
        [this.#level, this.#isInTable] = [0, false];
        break;
      case 'intbl':
        this.#isInTable = true;
        break;
      case 'outlinelevel':
        this.#level = value !== undefined && value < 9 ? Math.min(6, value + 1) : 0;
        break;
      case 'cell':
        this.#cells.push(this.#taken().replace(/\s+/g, ' '));
        break;
      case 'nestcell':
        this.#text += ' ';
        break;
      case 'row':
        if (this.#cells.length > 0) this.#rows.push(this.#cells);
        this.#cells = [];
        break;
    }
  }

  beginItem(): void {
    this.#isItem = true;
  }

  beginLink(): void {
    this.#links.push(this.#text.length);
  }

  /** Without an address it is its words alone. */
  endLink(href: string | undefined): void {
    const from = this.#links.pop() ?? 0;
    const words = this.#text.slice(from);
    if (href !== undefined && words.trim() !== '') this.#text = `${this.#text.slice(0, from)}[${words}](${href})`;
  }

  beginNote(): void {
    this.#around = this.#text;
    this.#text = '';
  }

  endNote(): void {
    this.#text = `${this.#around ?? ''} (Note: ${this.#text.replace(/\s+/g, ' ').trim()})`;
    this.#around = undefined;
  }

  /** All of it, with what was not ended. */
  ended(): string {
    this.#endParagraph();
    if (this.#cells.length > 0) this.#rows.push(this.#cells);
    this.#endTable();
    return this.#blocks.join('\n\n');
  }

  #endParagraph(): void {
    const [isItem, text] = [this.#isItem, this.#taken()];
    if (text === '') return;
    this.#endTable();
    const line = isItem ? `- ${text}` : text;
    const last = this.#blocks.at(-1);
    if (isItem && last?.startsWith('- ') === true) this.#blocks[this.#blocks.length - 1] = `${last}\n${line}`;
    else this.#blocks.push(this.#level > 0 ? `${'#'.repeat(this.#level)} ${text.replace(/\s+/g, ' ')}` : line);
  }

  #endTable(): void {
    if (this.#rows.length > 0) this.#blocks.push(rowsTable(this.#rows.splice(0), maxDocumentChars).text);
  }

  #taken(): string {
    const text = this.#text.trim();
    [this.#text, this.#isItem] = ['', false];
    this.#links.length = 0;
    return text;
  }
}
