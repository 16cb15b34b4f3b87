import type { Frame } from './frame';
import type { SideSource } from './source';

/** Where frames go. */
export interface Sink {
  /** False while it still has to send what it was given. */
  isReady(): boolean;
  send(frame: Frame): void;
}

export interface JoinRequest {
  readonly symbols: readonly string[] | null;
  /** The last sequence the client has; a snapshot where it has none. */
  readonly resume: number | undefined;
}

/** One client's place at a hub. */
export interface Seat {
  /** Watches these symbols only, all where null; answered by a snapshot. */
  watch(symbols: readonly string[] | null): void;
  /** Tells every change after `sequence`, or a snapshot where they are not known any more. */
  resume(sequence: number): void;
  /** Wants these besides; those left out no more. */
  subscribe(sides: readonly SideSource[]): void;
  /** To be called when the sink is ready again. */
  drained(): void;
  /** Safe twice. */
  leave(): void;
}
