import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate with its key, as PEM and as files. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Signs certificates that only those trust who know it. */
export interface TestAuthority extends TestCertificate {
  /** For a server called `localhost`, under no address; valid for two days, or until yesterday. */
  issue(name: string, valid?: 'now' | 'until yesterday'): TestCertificate;
}

/** Says why certificates cannot be made here; undefined where they can. */
export function missingOpenssl(): string | undefined {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'there is no openssl on PATH to make certificates with';
  }
}

/** An authority of the test's own, with everything it issues in `folder`. */
export function makeAuthority(folder: string, name: string): TestAuthority {
  const own = files(folder, name);
  const subject = ['-days', '2', '-subj', `/CN=${name}`];
  openssl(['req', '-x509', ...NEW_KEY, '-keyout', own.keyFile, '-out', own.certFile, ...subject]);
  return { ...read(own), issue: (leaf, valid = 'now') => issue(folder, own, { leaf, valid }) };
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function issue(folder: string, authority: Files, { leaf, valid }: { leaf: string; valid: string }): TestCertificate {
  const own = files(folder, leaf);
  const [request, extensions] = [`${own.certFile}.request`, `${own.certFile}.extensions`];
  writeFileSync(extensions, 'subjectAltName=DNS:localhost\n');
  openssl(['req', '-new', ...NEW_KEY, '-keyout', own.keyFile, '-out', request, '-subj', `/CN=${leaf}`]);
  const signed = ['-CA', authority.certFile, '-CAkey', authority.keyFile, '-CAcreateserial', '-extfile', extensions];
  const days = ['-days', valid === 'now' ? '2' : '-1'];
  openssl(['x509', '-req', '-in', request, ...signed, ...days, '-out', own.certFile]);
  return read(own);
}

type Files = Pick<TestCertificate, 'certFile' | 'keyFile'>;

function files(folder: string, name: string): Files {
  const stem = join(folder, name.replaceAll(' ', '-'));
  return { certFile: `${stem}.pem`, keyFile: `${stem}.key` };
}

function read(own: Files): TestCertificate {
  return { ...own, cert: readFileSync(own.certFile, 'utf8'), key: readFileSync(own.keyFile, 'utf8') };
}

function openssl(args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
