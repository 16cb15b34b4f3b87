/** For answers that no browser has to render. */
export const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'";

/** For Swagger UI and ReDoc, whose scripts are served from here and which style themselves inline. No other host is needed. */
export const DOCS_ALLOWED = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For the files of a job: they style themselves inline, load nothing and run nothing, even where a browser opens one by itself. */
export const ARTIFACT_ALLOWED = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  'sandbox',
].join('; ');

/** For the live page: its own script and style, this service only, and no text that becomes markup. */
export const PAGE_ALLOWED = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');
