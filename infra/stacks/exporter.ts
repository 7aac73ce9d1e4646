/** Names that the stacks and commands of a site's exporter share. */
export const exporter = {
  namespace: 'greenflops',
  name: 'greenflops-exporter',
  /** On the exporter's pod and Service */
  labels: { 'app.kubernetes.io/name': 'greenflops-exporter' },
  claim: 'greenflops-ledger',
  port: 9960,
  // Secrets are made by the operator, never by Terraform, whose state would hold them.
  /** web-config.yml, the exporter-toolkit's web configuration, and the certificate files that it names */
  webSecret: 'greenflops-web',
  /** username and password of whoever scrapes; ca.crt where the exporter serves TLS */
  scrapeSecret: 'greenflops-scrape',
  /** The files that the declared sources name below /etc/greenflops/secrets/ */
  sourcesSecret: 'greenflops-sources',
} as const;
