const TAG = /<(\/?)([a-zA-Z][\w:]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
const TEXT = /(?:[^<&]|&(?:amp|lt|gt|quot|#39|#x27);)+/y;

/** Reads a document strictly as XML without a prologue, and returns its elements and attributes by name, each once. @throws Error where it is not well-formed. */
export function namesInXml(xml: string): readonly string[] {
  const names = new Set<string>();
  const open: string[] = [];
  for (let at = 0; at < xml.length; ) {
    TAG.lastIndex = at;
    TEXT.lastIndex = at;
    const tag = TAG.exec(xml);
    const length = tag?.[0].length ?? TEXT.exec(xml)?.[0].length;
    if (length === undefined) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 60)}`);
    if (tag) enter(tag, open, names);
    at += length;
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(', ')}`);
  return [...names].sort();
}

function enter(
  [whole, closing, name = '', attributes = '', selfClosing]: RegExpExecArray,
  open: string[],
  names: Set<string>,
): void {
  names.add(name);
  for (const [, attribute] of attributes.matchAll(/([\w:-]+)=/g)) names.add(`@${attribute}`);
  if (closing && open.pop() !== name) throw new Error(`closed what was not open: ${whole}`);
  if (!closing && !selfClosing) open.push(name);
}

/** Elements and attributes of an HTML page by name, each once, as a browser would find them. */
export function namesInHtml(html: string): readonly string[] {
  const names = new Set<string>();
  for (const [, name, attributes = ''] of html.matchAll(/<([a-zA-Z!][\w:]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/g)) {
    names.add(name!.toLowerCase());
    for (const [, attribute] of attributes.matchAll(/\s([\w:-]+)=/g)) names.add(`@${attribute}`);
  }
  return [...names].sort();
}

/** Texts that would break out of a document that does not escape them, each somewhere. */
export const HOSTILE_TEXTS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  ']]></style></svg><script>alert(1)</script>',
  '&lt;b&gt; & </title><b>',
  '{a|rich} {b} {c} %s $& $1 \\u003c',
  'zr0-c0 url(#zr0-c0) class="zr0-cls-0"',
  '\u0000\u0008\u001b[31m\n\r\t\u2028\ufffe\ud800',
  '\u202egnp.exe',
  ...Object.getOwnPropertyNames(Object.prototype),
  '',
] as const;
