import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Express, Request, Response } from 'express';
import { NOTHING_ALLOWED } from './content-security';

/** Where the built page is, also for sources that run unbuilt. */
const BUILT = __dirname.includes(`${sep}dist${sep}`)
  ? join(__dirname, '..', '..', 'page')
  : join(__dirname, '..', '..', 'dist', 'page');

/** A year, the longest that caches keep. */
const FOR_EVER = 'public, max-age=31536000, immutable';

interface Asset {
  /** Holds the hash of the content, so what is behind it never changes. */
  readonly path: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
}

/** The live page as it was built. */
export interface PageAssets {
  /** With places for what {@link homePage} fills in. */
  readonly html: string;
  readonly script: Asset;
  readonly style: Asset;
}

let built: PageAssets | undefined;

/** Read once. Undefined where the page was not built, as the build makes it with everything else. */
export function pageAssets(): PageAssets | undefined {
  built ??= readAssets();
  return built;
}

function readAssets(): PageAssets | undefined {
  try {
    return {
      html: readFileSync(join(BUILT, 'page.html'), 'utf8'),
      script: assetOf('page.js', 'text/javascript; charset=utf-8'),
      style: assetOf('page.css', 'text/css; charset=utf-8'),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function assetOf(name: string, contentType: string): Asset {
  const bytes = readFileSync(join(BUILT, name));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { path: `/page/${name.replace('.', `-${hash}.`)}`, contentType, bytes, gzipped: gzipSync(bytes) };
}

/** Serves script and style of the live page under names that hold their hash. */
export function servePageAssets(app: Express): void {
  const assets = pageAssets();
  for (const asset of assets ? [assets.script, assets.style] : []) {
    app.get(asset.path, (request, response) => sendAsset(request, response, asset));
  }
}

function sendAsset(request: Request, response: Response, { contentType, bytes, gzipped }: Asset): void {
  const isSmall = request.acceptsEncodings('gzip') === 'gzip';
  const body = isSmall ? gzipped : bytes;
  response.writeHead(200, {
    'Content-Type': contentType,
    'Content-Length': body.byteLength,
    'Cache-Control': FOR_EVER,
    'Content-Security-Policy': NOTHING_ALLOWED,
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Accept-Encoding',
    ...(isSmall && { 'Content-Encoding': 'gzip' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
