/** kubectl's arguments that wait until the API serves every kind that CRDs define; a CRD without any status yet is waited for too. */
export const established: readonly string[] = [
  'wait',
  '--for=jsonpath={.status.conditions[?(@.type=="Established")].status}=True',
  'crd',
  '--all',
  '--timeout=60s',
];
