import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
];

const path = findBrowser();
const reason = `no browser: expected ${NAMES.join(', ')} on the PATH, or CHROMIUM_PATH`;
if (!path && process.env.CI) throw new Error(`with CI set every test must run: ${reason}`);

/** `describe` for tests in a real browser: skipped, with the reason in the name, on a machine that has none. With `CI` set that is a failure. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (path) describe(name, tests);
  else describe.skip(`${name} (skipped: ${reason})`, tests);
}

/** @throws where there is none; `describeInBrowser` has seen to that. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ ...(path && { executablePath: path }), args: FLAGS });
}

/** What a page complained about since it was opened. */
export interface Complaints {
  /** Errors of its console and of its scripts. */
  readonly errors: string[];
  /** Directives of the content policy that something on it broke. */
  readonly violations: string[];
}

/** Listens from before the first script of `page` on. */
export async function watchComplaints(page: Page): Promise<Complaints> {
  const complaints: Complaints = { errors: [], violations: [] };
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.errors.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.errors.push(error.stack ?? error.message));
  await page.exposeFunction('tellViolation', (directive: string) => complaints.violations.push(directive));
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => tellViolation(event.violatedDirective + ' ' + event.blockedURI))`,
  );
  return complaints;
}

function findBrowser(): string | undefined {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  const folders = [...PATH.split(':'), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  const candidates = CHROMIUM_PATH
    ? [CHROMIUM_PATH]
    : NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
