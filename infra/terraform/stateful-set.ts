import type { Container, ProjectedFiles, StatefulSet, Volume } from '../kubernetes.ts';
import { StatefulSetV1 } from './cdktf.ts';
import { list, metadata, type Place } from './place.ts';

/** Nothing waits for the pods: whether the exporter runs is for its alerts to say, and an image may be pulled for minutes. */
export const statefulSet: Place<StatefulSet> = (stack, id, { metadata: data, spec }, meta) => {
  const { template } = spec;
  const { containers, volumes, securityContext, ...pod } = template.spec;
  const { runAsUser, runAsGroup, fsGroup, ...security } = securityContext;
  return new StatefulSetV1(stack, id, {
    ...meta,
    metadata: metadata(data),
    waitForRollout: false,
    spec: {
      serviceName: spec.serviceName,
      replicas: String(spec.replicas),
      revisionHistoryLimit: spec.revisionHistoryLimit,
      selector: spec.selector,
      template: {
        metadata: template.metadata,
        spec: {
          ...pod,
          securityContext: {
            ...security,
            runAsUser: String(runAsUser),
            runAsGroup: String(runAsGroup),
            fsGroup: String(fsGroup),
          },
          container: containers.map(container),
          volume: volumes.map(volume),
        },
      },
    },
  });
};

const container = ({ args, ports, volumeMounts, securityContext, ...rest }: Container) => ({
  ...rest,
  args: list(args),
  port: list(ports),
  volumeMount: list(volumeMounts),
  securityContext: { ...securityContext, capabilities: { drop: list(securityContext.capabilities.drop) } },
});

/** The provider writes modes as octal text. */
const octal = (mode: number): string => `0${mode.toString(8)}`;

const volume = ({ secret, projected, ...rest }: Volume) => ({
  ...rest,
  secret: secret && { ...secret, defaultMode: octal(secret.defaultMode) },
  projected: projected && [
    { defaultMode: octal(projected.defaultMode), sources: projected.sources.map(projectedFiles) },
  ],
});

const projectedFiles = ({ serviceAccountToken, configMap, downwardAPI }: ProjectedFiles) => ({
  serviceAccountToken,
  configMap: configMap && [{ ...configMap, items: list(configMap.items) }],
  downwardApi: downwardAPI && { items: list(downwardAPI.items) },
});
