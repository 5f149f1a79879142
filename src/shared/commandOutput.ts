/** What a command or a piece of Python came to, read from its observation: remarks and streams apart. */

export interface OutputSection {
  /** `output` where the streams are together. */
  readonly name: 'output' | 'stdout' | 'stderr' | 'error' | 'earlier';
  readonly text: string;
}

export interface CommandOutput {
  readonly sections: readonly OutputSection[];
  /** What stands beside exit code and duration, which are facts of their own. */
  readonly remarks: readonly string[];
}

const heading = /^(Output|stdout|stderr|Error|Earlier output)(?: from its beginning)?:$/;
/** A long stream is told by its end first, for the model; a person can open all of it. */
const endFirst =
  /^(?:Output|stdout|stderr|Error|Earlier output) is long \([\d,]+ (?:characters|lines?, [\d.]+ [KM]?B)\)\. Its end:$/;

/** Reads such an observation; a text of another form is one section. */
export function parseCommandOutput(content: string): CommandOutput {
  const lines = content.split('\n');
  if (!/^(Exit code: |Timed out: |Waited for input: )/.test(content))
    return { sections: section('output', lines), remarks: [] };
  const sections: OutputSection[] = [];
  const remarks: string[] = [];
  let at = 0;
  while (at < lines.length && !isHeading(lines[at])) at++;
  for (const line of lines.slice(0, at)) {
    if (line !== '' && line !== 'No output.' && !/^(Exit code|Duration): /.test(line)) remarks.push(line);
  }
  while (at < lines.length) {
    const next = lines.findIndex((line, index) => index > at && isNextHeading(line, lines[at]));
    const end = next < 0 ? lines.length : next;
    const name = heading.exec(lines[at] ?? '')?.[1];
    if (name !== undefined) sections.push(...section(sectionNames[name] ?? 'output', lines.slice(at + 1, end)));
    at = end;
  }
  return { sections, remarks };
}

const sectionNames: Readonly<Record<string, OutputSection['name']>> = {
  Output: 'output',
  stdout: 'stdout',
  stderr: 'stderr',
  Error: 'error',
  'Earlier output': 'earlier',
};

/** Their order in an observation: a line of output that looks like an earlier heading is output. */
const order = ['Error', 'stdout', 'stderr', 'Earlier'];

function isHeading(line: string | undefined): boolean {
  return line !== undefined && (heading.test(line) || endFirst.test(line));
}

function isNextHeading(line: string, current: string | undefined): boolean {
  if (!isHeading(line)) return false;
  const [word] = line.split(/[ :]/);
  const [now] = (current ?? '').split(/[ :]/);
  if (endFirst.test(current ?? '')) return word === now && line.includes('from its beginning');
  return order.indexOf(word ?? '') > order.indexOf(now ?? '') && order.includes(now ?? '');
}

function section(name: OutputSection['name'], lines: readonly string[]): readonly OutputSection[] {
  const text = lines.join('\n').trimEnd();
  return text.trim() === '' ? [] : [{ name, text }];
}
