/** The bounds of what clients may cost. */
export interface LiveLimits {
  /** Connections at once, and those of one address. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** What is published within this time goes out in one write for each client. */
  readonly tickMs: number;
  /** Larger frames are refused by the protocol itself, which closes with 1009. */
  readonly maxFrameBytes: number;
  /** Larger ones are answered by an error without being read. */
  readonly maxReadBytes: number;
  readonly framesPerSecond: number;
  /** A client with more than this many unsent bytes waits for its next frame, which then holds the newest of each symbol. */
  readonly maxUnsentBytes: number;
  /** One that has taken nothing for so long is closed with 1013. */
  readonly maxBehindMs: number;
  /** How often a silent client is pinged; one that stays silent for twice as long is dropped. */
  readonly heartbeatMs: number;
  /** How long what clients may resume from is kept after the last of them has left. */
  readonly lingerMs: number;
  /** How long a topic is read on after the last who asked for it has left. */
  readonly sideLingerMs: number;
  /** How often what is held is compared with the cache. */
  readonly lookEveryMs: number;
}

export const LIVE_LIMITS: LiveLimits = {
  connections: 2_000,
  connectionsPerAddress: 500,
  tickMs: 10,
  maxFrameBytes: 262_144,
  maxReadBytes: 65_536,
  framesPerSecond: 50,
  maxUnsentBytes: 65_536,
  maxBehindMs: 10_000,
  heartbeatMs: 30_000,
  lingerMs: 300_000,
  sideLingerMs: 30_000,
  lookEveryMs: 5_000,
};
