/** A server as the sentences about its TLS name it. */
export interface TlsPeer {
  /** As in "PostgreSQL". */
  readonly service: string;
  /** Where an operator says whose certificates to trust, as in "KAFKA_SSL_CA". */
  readonly trustedBy: string;
  /** Where an operator gives this side's own certificate, as in "KAFKA_SSL_CERT and KAFKA_SSL_KEY". */
  readonly certificateBy: string;
  /** How an operator turns TLS on or off, as in "KAFKA_SSL". */
  readonly turnedOnBy: string;
}

/** Causes that are looked at, should an error be its own. */
const DEEPEST = 8;

/** Each kind of fault: the codes of Node and OpenSSL that mean it, and what to do about it. */
const KINDS: readonly { codes: RegExp; sentence(peer: TlsPeer, told: string): string }[] = [
  {
    codes:
      /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|CERT_UNTRUSTED|INVALID_CA|CERT_\w*CHAIN\w*)$/,
    sentence: ({ service, trustedBy }, told) =>
      `the certificate of ${service} is not signed by an authority trusted here (${told}): give its authority's certificate in ${trustedBy}`,
  },
  {
    codes: /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/,
    sentence: ({ service }, told) =>
      `the certificate of ${service} is not valid now (${told}): renew it on the server, or correct this machine's clock`,
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    sentence: ({ service }, told) =>
      `the certificate of ${service} is for another host (${told}): use the name it is for, or issue one for this name`,
  },
  {
    codes: /CERT_REVOKED|CERT_REJECTED|CERT_SIGNATURE_FAILURE|INVALID_PURPOSE/,
    sentence: ({ service }, told) => `the certificate of ${service} is refused (${told}): replace it on the server`,
  },
  {
    codes: /^(ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|ERR_SSL_HTTP_REQUEST)$/,
    sentence: ({ service, turnedOnBy }) =>
      `${service} does not speak TLS on this port: give its TLS port, or change ${turnedOnBy}`,
  },
  {
    codes: /^ERR_SSL_\w*ALERT_(CERTIFICATE_\w+|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|UNSUPPORTED_CERTIFICATE)$/,
    sentence: ({ service, certificateBy }, told) =>
      `${service} wants a certificate of this side, or does not accept the one given (${told}): correct ${certificateBy}`,
  },
];

/**
 * What is wrong with the TLS of a connection, and what to do about it, where only an operator can mend it; undefined for any other error. Looks behind
 * wrappers, by the codes of Node's `tls` and of OpenSSL. Holds no secret: names, hosts and variables only.
 */
export function tlsFaultOf(error: unknown, peer: TlsPeer): string | undefined {
  for (const { code, message } of chainOf(error)) {
    const kind = KINDS.find(({ codes }) => codes.test(code));
    if (kind) return kind.sentence(peer, toldBy(message));
    if (CUT_SHORT.test(message)) return cutShort(peer);
  }
  return undefined;
}

/** Node's words, which come with the code of any lost connection. */
const CUT_SHORT = /before secure TLS connection was established/;

function cutShort({ service, turnedOnBy }: TlsPeer): string {
  return `${service} ended the connection in place of a TLS handshake: give its TLS port, or change ${turnedOnBy}`;
}

/** OpenSSL's own words lie between colons: `40A7…:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:…`. */
function toldBy(message: string): string {
  const [first = ''] = message.trim().split('\n');
  const told = /:SSL routines:[^:]*:([^:]+):/.exec(first)?.[1] ?? first;
  return told.replace(/^Connection error: /, '');
}

/** The error and everything it was caused by. */
function chainOf(error: unknown, depth = 0): { code: string; message: string }[] {
  if (typeof error !== 'object' || error === null || depth > DEEPEST) return [];
  const textOf = (property: string) => {
    const value: unknown = Reflect.get(error, property);
    return typeof value === 'string' ? value : '';
  };
  return [{ code: textOf('code'), message: textOf('message') }, ...chainOf(Reflect.get(error, 'cause'), depth + 1)];
}
