/** How much any server of ours takes before it refuses. */
export interface EdgeLimits {
  /** Requests of one address; here and below the /64 of an IPv6 address counts as one. */
  readonly rate: { readonly requests: number; readonly seconds: number };
  /** For a body to arrive. */
  readonly bodySeconds: number;
  /** For the headers of a request to arrive. */
  readonly headerSeconds: number;
  /** A connection on which nothing happens for so long is closed. */
  readonly idleSeconds: number;
  readonly connections: number;
  /** Connections of one address. */
  readonly connectionsOfOne: number;
  /** Bytes of request bodies held at the same time, besides the first 64 KiB of each; half of it for one address. */
  readonly bodyBytes: number;
  /** For what was begun to end when the server stops. */
  readonly stopSeconds: number;
}
