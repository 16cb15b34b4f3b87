/** One fenced block of a recipe. */
export type RecipeBlock =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'change'; readonly path: string; readonly text: string }
  | { readonly kind: 'commands'; readonly text: string };

/** A section `### Add …` with its blocks, in their order. */
export interface Recipe {
  readonly title: string;
  readonly blocks: readonly RecipeBlock[];
}

const BLOCK = /^```(\w+) (\S+)\n([\s\S]*?)^```$/gm;

/** The recipes of a page: the blocks whose fence names a file, or says `run`. */
export function recipesOf(markdown: string): readonly Recipe[] {
  return markdown
    .split(/^### (?=Add )/m)
    .slice(1)
    .map((section) => ({
      title: section.slice(0, section.indexOf('\n')),
      blocks: [...section.matchAll(BLOCK)].map(([, language = '', target = '', text = '']) =>
        blockOf(language, target, text),
      ),
    }));
}

function blockOf(language: string, target: string, text: string): RecipeBlock {
  if (language === 'sh' && target === 'run') return { kind: 'commands', text };
  return { kind: language === 'diff' ? 'change' : 'file', path: target, text };
}

/**
 * `source` with one change: lines of `change` that begin with a space or `-` are looked for as they stand, and become those that begin with a space or `+`.
 * @throws when they are not there exactly once: then the recipe is out of date.
 */
export function changed(source: string, change: string): string {
  const lines = change.trimEnd().split('\n');
  const side = (sign: '+' | '-') =>
    lines
      .filter((line) => line.startsWith(' ') || line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const parts = source.split(side('-'));
  if (parts.length !== 2) {
    throw new Error(`expected these lines once, found them ${parts.length - 1} times:\n${side('-')}`);
  }
  return parts.join(side('+'));
}
