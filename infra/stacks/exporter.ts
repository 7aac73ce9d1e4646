/** Names that the exporter's two stacks share. */
export const exporter = {
  namespace: 'greenflops',
  name: 'greenflops-exporter',
  claim: 'greenflops-ledger',
  /** Made by the operator, never by Terraform: key web-config.yml, the exporter-toolkit's web configuration */
  webSecret: 'greenflops-web',
  port: 9960,
} as const;
