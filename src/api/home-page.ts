import type { Answer } from './answer';
import { PAGE_ALLOWED } from './content-security';
import { pageAssets } from './page-assets';

/** Of the service's links, those a reader of the page may want. */
const SHOWN_LINKS: readonly string[] = ['docs', 'redoc', 'openapi', 'health'];

const NOT_BUILT = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>tickwire</title></head>
<body>
<h1>tickwire {{version}}</h1>
<p>The live page is not built: npm run build.</p>
<nav>{{links}}</nav>
</body>
</html>
`;

/** The live page that a browser gets at `/`; `links` lead on from it. It needs nothing from elsewhere. */
export function homePage(version: string, links: Readonly<Record<string, string>>): Answer {
  const assets = pageAssets();
  const shown = Object.entries(links).filter(([name]) => SHOWN_LINKS.includes(name));
  const anchors = shown.map(([name, path]) => `<a href="${escaped(path)}">${escaped(name)}</a>`);
  const fillings: Readonly<Record<string, string>> = {
    version: escaped(version),
    links: anchors.join('\n'),
    script: assets?.script.path ?? '',
    style: assets?.style.path ?? '',
  };
  return {
    status: 200,
    contentType: 'text/html; charset=utf-8',
    headers: { 'Content-Security-Policy': PAGE_ALLOWED, Vary: 'Accept' },
    body: (assets?.html ?? NOT_BUILT).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => fillings[name] ?? ''),
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
