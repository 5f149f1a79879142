/** The variables of a configuration: `${workspaceFolder}`, `${env:NAME}`, `${input:id}` and their kin. */
import { homedir } from 'node:os';
import { basename, sep } from 'node:path';
import { mapTexts, type ServerDefinition } from './definition.ts';

/** Where a configuration's variables lead. */
export interface Places {
  /** The folder that the configuration belongs to. */
  readonly folder: string;
  readonly roots: readonly { readonly name: string; readonly path: string }[];
}

const variable = /\$\{([^}:]+)(?::([^}]*))?\}/g;

/** The definition with its folders filled in; what the environment or a person says stays as it is written. */
export function placed(definition: ServerDefinition, { folder, roots }: Places): ServerDefinition {
  const lookup = (kind: string, name: string | undefined) => {
    const named = roots.find((root) => root.name === name)?.path;
    if (kind === 'workspaceFolder') return name === undefined ? folder : named;
    if (kind === 'workspaceFolderBasename') return basename(folder);
    if (kind === 'userHome') return homedir();
    if (kind === '/' || kind === 'pathSeparator') return sep;
    return undefined;
  };
  return mapTexts(definition, (text) =>
    text.replace(variable, (whole, kind: string, name: string | undefined) => lookup(kind, name) ?? whole),
  );
}

/** The variables that are left in a placed definition, each once. */
export function variablesLeft(
  definition: ServerDefinition,
): readonly { readonly kind: string; readonly name: string }[] {
  const left = new Map<string, { readonly kind: string; readonly name: string }>();
  mapTexts(definition, (text) => {
    for (const [whole, kind = '', name = ''] of text.matchAll(variable)) left.set(whole, { kind, name });
    return text;
  });
  return [...left.values()];
}

/** The definition with all that is left filled in; `lookup` knows every one of `variablesLeft`. */
export function completed(
  definition: ServerDefinition,
  lookup: (kind: string, name: string) => string | undefined,
): ServerDefinition {
  return mapTexts(definition, (text) =>
    text.replace(variable, (whole, kind: string, name = '') => lookup(kind, String(name)) ?? whole),
  );
}

/**
 * A variable of the person's environment that a configuration may name; undefined where it is not set. Our own keys are
 * nobody else's.
 */
export function environmentValue(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return /^MIROTHINKER_/i.test(name) ? undefined : env[name];
}
