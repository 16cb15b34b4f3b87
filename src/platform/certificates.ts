import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Environment } from './environment';

/** PEM texts for one server: whom to trust in place of the system's authorities, and who this side is. */
export interface Certificates {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * Certificates given in `<prefix>_CA`, `<prefix>_CERT` and `<prefix>_KEY`; undefined where none is.
 * @throws a sentence that names the variable, never its value.
 */
export function certificatesOf(environment: Environment, prefix: string): Certificates | undefined {
  const [ca, cert, key] = ['CA', 'CERT', 'KEY'].map((part) => environment[`${prefix}_${part}`]);
  if (!ca && !cert && !key) return undefined;
  if (Boolean(cert) !== Boolean(key)) throw new Error(`${prefix}_CERT and ${prefix}_KEY go together: set both or none`);
  if (ca) requireCertificate(ca, `${prefix}_CA`);
  if (cert) requireCertificate(cert, `${prefix}_CERT`);
  requirePair({ cert, key }, `${prefix}_CERT and ${prefix}_KEY`);
  return { ca, cert, key };
}

/** @throws where `pem` holds no certificate; `place` names where it came from. */
export function requireCertificate(pem: string, place: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw new Error(`${place}: expected certificates in PEM (-----BEGIN CERTIFICATE-----), found none`);
  }
}

/** @throws where key and certificate do not belong together, or the key cannot be read. */
export function requirePair({ cert, key }: Certificates, place: string): void {
  if (!cert || !key) return;
  try {
    createSecureContext({ cert, key });
  } catch {
    throw new Error(`${place}: expected a certificate and its own key without a passphrase, both in PEM`);
  }
}
