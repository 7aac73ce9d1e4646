/** What one client may cost. Node's own defaults are loose: a minute for headers, no end of connections or writes. */
export const limits = {
  /** ms for the headers of a request, and for a TLS handshake */
  headersTimeout: 5000,
  /** ms for a whole request */
  requestTimeout: 10_000,
  /** ms between looks at the two above; Node's default of 30 s would let them overrun */
  connectionsCheckingInterval: 1000,
  /** ms for writing an answer, from the request on: a client that stalls or dribbles is cut off */
  responseTimeout: 60_000,
  /** ms that an idle connection is kept: longer than the usual scrape interval of 15 s */
  keepAliveTimeout: 20_000,
  maxConnections: 100,
  /** Heavy answers at once, as in node_exporter */
  maxScrapes: 40,
};
export type Limits = typeof limits;
