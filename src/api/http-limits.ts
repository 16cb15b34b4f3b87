/** The bounds of what a caller may cost before anything of the product sees the request. */
export interface HttpLimits {
  /** Request line and headers together; more is answered by 431. */
  readonly maxHeaderBytes: number;
  /** Headers of one request; more is answered by 431. */
  readonly maxHeaders: number;
  /** How long a connection may take to send a whole head, and a whole request; longer is answered by 408. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How often connections are looked at for that. */
  readonly lookEveryMs: number;
  /** A connection on which nothing moved for so long is cut. Streams and sockets say something more often. */
  readonly idleTimeoutMs: number;
  /** How long a connection without a request is kept. */
  readonly keepAliveMs: number;
  /** Connections at once, sockets included; one more is answered by 503. */
  readonly connections: number;
  /** Those of one address, an IPv6 client's /64 counting as one. Trusted proxies may have as many as there are. */
  readonly connectionsPerAddress: number;
  /** Requests of one connection that wait for the answer to an earlier one; one more ends the connection with 503. */
  readonly pipelined: number;
}

/**
 * A page holds up to six connections and a socket in each browser, so that a hundred tabs, or an office behind one address, stay below what one address may have. Idle
 * connections are kept longer than the usual proxies keep theirs, so that they and not this server end one.
 */
export const HTTP_LIMITS: HttpLimits = {
  maxHeaderBytes: 16_384,
  maxHeaders: 100,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  lookEveryMs: 5_000,
  idleTimeoutMs: 120_000,
  keepAliveMs: 65_000,
  connections: 5_000,
  connectionsPerAddress: 1_000,
  pipelined: 32,
};
