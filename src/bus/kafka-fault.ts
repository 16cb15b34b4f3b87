import { type TlsPeer, tlsFaultOf } from '../platform/tls-fault';
import { TLS_WANTED } from './kafka-socket';

const KAFKA: TlsPeer = {
  service: 'Kafka',
  trustedBy: 'KAFKA_SSL_CA',
  certificateBy: 'KAFKA_SSL_CERT and KAFKA_SSL_KEY',
  turnedOnBy: 'KAFKA_SSL',
};

/** What is wrong between us and a broker that only an operator can mend, as a sentence without secrets; undefined for any other error. */
export function kafkaFaultOf(error: unknown): string | undefined {
  return tlsFaultOf(error, KAFKA) ?? wantedTls(error) ?? refusedLogin(error);
}

function wantedTls(error: unknown): string | undefined {
  const isWanted = chainOf(error).some((link) => 'code' in link && link.code === TLS_WANTED);
  return isWanted ? 'Kafka speaks TLS on this port: set KAFKA_SSL=true, or give its port without TLS' : undefined;
}

function refusedLogin(error: unknown): string | undefined {
  const refusal = chainOf(error).find(({ name }) => name === 'KafkaJSSASLAuthenticationError');
  if (!refusal) return undefined;
  return `Kafka refused the login (${refusal.message}): correct KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME or KAFKA_SASL_PASSWORD`;
}

/** kafkajs wraps an error by copying its message, and keeps the wrapped one as the cause, sometimes. */
function chainOf(error: unknown, depth = 0): Error[] {
  return error instanceof Error && depth < 8 ? [error, ...chainOf(error.cause, depth + 1)] : [];
}
