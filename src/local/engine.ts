import type { Mortal } from './supervisor';

/** An embedded service: a child process with an address. It keeps its port and its data from one start to the next. */
export interface Engine extends Mortal {
  /** In the form its variable takes. @throws ENGINE_UNAVAILABLE before it was started. */
  address(): string;
}
