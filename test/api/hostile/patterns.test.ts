import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..', '..');
/** Where text of strangers is read: of callers, on sockets and topics, and on its way into a log. */
const PLACES = /^src\/(api|bus|cache|domain|ingest|live(?!\/page)|platform\/redaction)\b/;

/** Patterns that look dangerous and are not, with the reason. */
const HARMLESS: Readonly<Record<string, string>> = {
  'src/api/app.ts: /\\{(\\w+)\\}/': 'reads our own paths',
  'src/api/async-api-page.ts: /`([^`]+)`/': 'reads our own text',
  'src/api/credentials.ts: /^Bearer +(\\S+) *$/': 'neighbours share no character, so each is taken in one way',
  'src/api/home-page.ts: /\\{\\{(\\w+)\\}\\}/': 'reads our own page',
  'src/platform/redaction.ts: /\\b(Bearer|Basic) +[\\w.~+/=-]{12,}/': 'neighbours share no character, nothing follows',
  "src/platform/redaction.ts: /made of longestFirst.map(escapePattern).join('|')/": 'fixed texts, escaped',
};

interface Pattern {
  readonly place: string;
  readonly source: string;
}

/** Every literal pattern, and every one that is made at run time. */
function patternsIn(path: string, source: string): Pattern[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ES2023, true);
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      found.push({ place: path, source: node.text.slice(1, node.text.lastIndexOf('/')) });
    }
    const isMade = (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp';
    if (isMade) found.push({ place: path, source: `made of ${node.arguments?.[0]?.getText()}` });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/**
 * Why a backtracking matcher may take more than linear time for a pattern; undefined when it cannot. It allows one repetition without end, if nothing follows it that could
 * fail, or if the pattern is tied to the beginning: then each character is taken once and given back at most once. It is stricter than needed.
 */
function dangerOf(source: string): string | undefined {
  if (source.startsWith('made of')) return 'made at run time';
  const bare = source.replaceAll(/\\./gs, '_').replaceAll(/\[[^\]]*\]/g, '_');
  const endless = [...bare.matchAll(/[*+]|\{\d+,\}/g)].filter(({ index }) => bare[index - 1] !== '(');
  if (endless.length === 0) return undefined;
  if (/\([^()]*([*+]|\{\d+,\})[^()]*\)([*+]|\{\d+,\})/.test(bare)) return 'a repetition within a repetition';
  if (endless.length > 1) return 'more than one repetition without end';
  if (/([*+]|\{\d+,\})\)?$/.test(bare)) return undefined;
  const isTied = bare.startsWith('^') && !bare.includes('|');
  return isTied ? undefined : 'a repetition without end that is not tied to the beginning';
}

function sources(): { path: string; source: string }[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(ROOT, file), source: readFileSync(file, 'utf8') }))
    .filter(({ path }) => PLACES.test(path));
}

test('no pattern that meets the text of a stranger can take more than linear time', () => {
  const patterns = sources().flatMap(({ path, source }) => patternsIn(path, source));

  const dangerous = patterns.filter(({ source }) => dangerOf(source));
  const named = dangerous.map(({ place, source }) => `${place}: /${source}/`);

  expect(patterns.length).toBeGreaterThan(25);
  expect(named.filter((name) => !(name in HARMLESS))).toEqual([]);
  expect(Object.keys(HARMLESS).filter((name) => !named.includes(name))).toEqual([]);
});

test.each(['(a+)+$', '^(a|a)*$', '^(a*)*$', '\\s+$', '^\\d+-\\d+$', '(x+x+)+y', '[a-z]+@', '^a|b+$', '^(?:a+)+$'])(
  'this very test sees /%s/',
  (source) => {
    expect(dangerOf(source)).toBeDefined();
  },
);

test.each(['^[A-Z0-9.\\-=^:/]{1,32}$', '^\\d+$', '^a\\+b\\*$', '[*+]', '^[^/]+$', 'a{1,100}', '[?&]key=[^&]+', '\\w+'])(
  'and lets /%s/ pass',
  (source) => {
    expect(dangerOf(source)).toBeUndefined();
  },
);
