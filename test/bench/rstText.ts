/** reStructuredText as Python's documentation is written in → the words that its pages show: the label of a page. */

/** Directives whose own lines are shown as text. */
const shown =
  /^(?:note|warning|seealso|tip|important|caution|hint|rubric|topic|admonition|centered|deprecated|versionadded|versionchanged|deprecated-removed|availability|impl-detail|describe|envvar|option|opcode|cmdoption|pdbcommand|2to3fixer|program-output|data|c?:?.*function|.*method|.*class|.*exception|.*attribute|c:.*|.*property|decorator.*|awaitablefunction|coroutine.*|audit-event|glossary|productionlist|code-block|code|sourcecode|doctest|testcode|parsed-literal|highlight.*|list-table|table|csv-table|figure|math|epigraph|sidebar|cssclass|hlist|miscnews|abstractmethod)$/;

/** Whether a page shows words that stand elsewhere: then its source is no label. */
export function hasOtherSources(rst: string): boolean {
  return (
    /^\s*\.\. *(?:toctree|include|literalinclude|auto\w+|only|audit-event-table|contents|plot|c:autodoc|productionlist)::/m.test(
      rst,
    ) || /\|\w+\|/.test(rst)
  );
}

/** Its words without markup. */
export function rstText(rst: string): string {
  const lines: string[] = [];
  /** Lines indented deeper than this belong to something that is not shown. */
  let hiddenFrom = Infinity;
  for (const line of rst.split('\n')) {
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    if (indent > hiddenFrom) continue;
    hiddenFrom = Infinity;
    const directive = /^\s*\.\. *([\w:-]+?):: ?(.*)$/.exec(line);
    if (directive) {
      const [, name = '', rest = ''] = directive;
      if (!shown.test(name)) hiddenFrom = indent;
      else
        lines.push(
          label(name),
          /^(?:code-block|code|sourcecode|highlight.*|parsed-literal|doctest|testcode|math|list-table|table|csv-table|glossary|cssclass|hlist)$/.test(
            name,
          )
            ? ''
            : rest,
        );
      continue;
    }
    if (/^\s*\.\. *(?:_.*:.*|\|.*)$/.test(line)) {
      if (!/^\s*\.\. *_/.test(line)) hiddenFrom = indent;
      continue;
    }
    if (/^\s*\.\.(?:\s|$)/.test(line) && !/^\s*\.\. *\[/.test(line)) {
      hiddenFrom = indent;
      continue;
    }
    if (
      /^\s*:(?:[\w -]+):(?:\s|$)/.test(line) &&
      !/^\s*:(?:class|func|mod|meth|attr|data|exc|ref|term|pep|rfc|source|const|keyword|c)\b.*:`/.test(line)
    ) {
      const option =
        /^\s*:(noindex|module|class|name|hidden|maxdepth|linenos|emphasize-lines|synopsis|platform|deprecated|widths|header-rows|align|noindexentry|nocontentsentry|delim|trim|dedent|caption|alt|width|height|scale|async|abstractmethod|classmethod|staticmethod|final|type|value|canonical|columns|lineno-start|tab-width|force|glob|numbered|titlesonly|sorted|lines|language|pyobject|stub-columns|header)\b/.test(
          line,
        );
      if (option) continue;
    }
    if (/^\s*([=\-~^"'*+#`.:_<>])\1{2,}\s*$/.test(line) || /^[\s=+|-]*$/.test(line)) continue;
    lines.push(line);
  }
  return inline(lines.join('\n'));
}

/** What Sphinx writes before a directive's text. */
function label(name: string): string {
  const labels: Readonly<Record<string, string>> = {
    note: 'Note',
    warning: 'Warning',
    seealso: 'See also',
    tip: 'Tip',
    versionadded: 'New in version',
    versionchanged: 'Changed in version',
    deprecated: 'Deprecated since version',
    'deprecated-removed': 'Deprecated since version',
    availability: 'Availability',
    'impl-detail': 'CPython implementation detail',
    class: 'class',
    exception: 'exception',
    decorator: '',
  };
  return labels[name] ?? '';
}

function inline(text: string): string {
  return text
    .replace(/:[\w:+-]+:`([^`]*)`/gs, (_, words: string) => {
      const titled = /^(.*?)\s*<[^>]*>$/s.exec(words)?.[1];
      const target = words.replace(/^!/, '');
      return titled ?? (target.startsWith('~') ? (target.split('.').at(-1) ?? '') : target);
    })
    .replace(/`([^`<]+?)\s*<[^>`]*>`__?/gs, '$1')
    .replace(/``|`_{0,2}|\*\*|::|\\/g, ' ')
    .replace(/\[#?\w*\]_/g, ' ');
}

/** How well two texts agree: the harmonic mean of precision and recall over their words, each as often as it stands. */
export function tokenF1(found: string, label: string): number {
  const expected = countWords(label);
  const got = countWords(found);
  let common = 0;
  for (const [word, times] of got) common += Math.min(times, expected.get(word) ?? 0);
  const total = (words: ReadonlyMap<string, number>) => [...words.values()].reduce((sum, times) => sum + times, 0);
  return common === 0 ? 0 : (2 * common) / (total(got) + total(expected));
}

function countWords(text: string): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}
