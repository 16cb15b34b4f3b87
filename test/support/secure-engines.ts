import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadsOf } from '../../src/local/home';
import { findFreePort } from '../../src/local/port';
import { findRedis } from '../../src/local/redis';
import { readConfigured } from '../../src/platform/environment';
import type { TestAuthority, TestCertificate } from './certificates';
import { createOwnPostgres, type OwnPostgres } from './database';
import { makeKafkaBrokers, type TestBrokers } from './kafka-brokers';

/** What engines that want TLS and a login are made with. */
export interface Security {
  readonly authority: TestAuthority;
  /** For `localhost`. */
  readonly server: TestCertificate;
  readonly expired: TestCertificate;
  /** Of the user `tickwire`. */
  readonly password: string;
  /** Of files. */
  readonly folder: string;
}

/** A broker with the listeners SECURE (TLS and a login by PLAIN or SCRAM), EXPIRED (an expired certificate) and MUTUAL (wants a certificate of the client). */
export function makeSecureKafka({ authority, server, expired, password, folder }: Security): Promise<TestBrokers> {
  const storeOf = (name: string, { cert, key }: TestCertificate) => {
    const file = join(folder, `${name}-store.pem`);
    writeFileSync(file, key + cert);
    return file;
  };
  const module = 'org.apache.kafka.common.security';
  return makeKafkaBrokers(1, {
    listeners: { SECURE: 'SASL_SSL', EXPIRED: 'SSL', MUTUAL: 'SSL' },
    settings: `ssl.keystore.type=PEM
ssl.keystore.location=${storeOf('server', server)}
listener.name.expired.ssl.keystore.type=PEM
listener.name.expired.ssl.keystore.location=${storeOf('expired', expired)}
listener.name.mutual.ssl.client.auth=required
listener.name.mutual.ssl.truststore.type=PEM
listener.name.mutual.ssl.truststore.location=${authority.certFile}
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.secure.plain.sasl.jaas.config=${module}.plain.PlainLoginModule required user_tickwire="${password}";
listener.name.secure.scram-sha-256.sasl.jaas.config=${module}.scram.ScramLoginModule required;
listener.name.secure.scram-sha-512.sasl.jaas.config=${module}.scram.ScramLoginModule required;
`,
    formatArguments: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=tickwire,password=${password}]`,
    ]),
  });
}

/** A server with TLS, where the database `sealed` takes TLS and a password only; it also holds the expired certificate. */
export function makeSecurePostgres({ server, expired }: Security): Promise<OwnPostgres> {
  return createOwnPostgres({
    'postgresql.conf': "ssl = on\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.key'\n",
    'server.pem': server.cert,
    'server.key': server.key,
    'expired.pem': expired.cert,
    'expired.key': expired.key,
    'pg_hba.conf': 'hostnossl sealed all all reject\nhostssl sealed all all scram-sha-256\nhost all all all trust\n',
  });
}

export interface SecureRedis {
  readonly tlsPort: number;
  readonly plainPort: number;
  stop(): Promise<void>;
}

/** A server that wants a password, with a port of each kind. Resolves when the process runs, not when it answers. */
export async function startSecureRedis({ authority, server, password, folder }: Security): Promise<SecureRedis> {
  const environment = readConfigured();
  const downloads = downloadsOf(environment.TICKWIRE_HOME ?? join(process.cwd(), '.tickwire'));
  const binary = await findRedis({ home: folder, downloads, environment, note: () => undefined });
  if (!binary.ok) throw new Error(binary.problem);
  const tlsPort = await findFreePort([]);
  const plainPort = await findFreePort([tlsPort]);
  const certificates = ['--tls-cert-file', server.certFile, '--tls-key-file', server.keyFile];
  const tls = [...certificates, '--tls-ca-cert-file', authority.certFile, '--tls-auth-clients', 'no'];
  const user = ['--user', 'tickwire', 'on', `>${password}`, '~*', '&*', '+@all', '--requirepass', password];
  const network = ['--bind', '127.0.0.1', '--port', String(plainPort), '--tls-port', String(tlsPort)];
  const engine = spawn(binary.path, [...network, ...tls, '--save', '', '--dir', folder, ...user], { stdio: 'ignore' });
  return {
    tlsPort,
    plainPort,
    stop: async () => {
      if (engine.exitCode !== null || engine.signalCode !== null) return;
      engine.kill('SIGKILL');
      await once(engine, 'exit');
    },
  };
}
