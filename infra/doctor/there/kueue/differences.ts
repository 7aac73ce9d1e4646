import { CREDITS } from '../../../../model/queues/credits.ts';
import type { Text } from '../../../../model/text.ts';
import type { Configuration, Transforming } from './live-configuration.ts';
import { amount } from './live.ts';

const row = (config: Configuration, input: string): Transforming | undefined =>
  config.resources?.transformations?.find((one) => one.input === input);
const credits = (config: Configuration, input: string): number | undefined => {
  const output = row(config, input)?.outputs?.[CREDITS];
  return output === undefined ? undefined : amount(output);
};

/** What one says in which a resource name counts for nothing, or for another figure than it should. */
export function otherCoefficients(wanted: Configuration, has: Configuration): Text[] {
  const inputs = (wanted.resources?.transformations ?? []).map(({ input }) => input);
  const missing = inputs.filter((input) => credits(has, input) === undefined);
  const others = inputs.filter((input) => !missing.includes(input) && credits(has, input) !== credits(wanted, input));
  const replaced = inputs.filter((input) => row(has, input)?.strategy === 'Replace');
  const surplus = (has.resources?.transformations ?? [])
    .map(({ input }) => input)
    .filter((input) => !inputs.includes(input) && credits(has, input) !== undefined);
  const figures = others.map((input) => `${input} ${credits(has, input)} (${credits(wanted, input)})`);
  return [
    ...said(missing, (names) => ({
      zh: `resources.transformations 中没有 ${names} 到 ${CREDITS} 的换算：配额不起作用`,
      en: `resources.transformations turns no ${names} into ${CREDITS}: the quota caps nothing`,
    })),
    ...said(figures, (names) => ({
      zh: `换算系数与声明不同：${names}，括号内为应有的值`,
      en: `coefficients are not the declared ones: ${names}, which should be those in brackets`,
    })),
    ...said(replaced, (names) => ({
      zh: `${names} 的换算为 strategy: Replace：卡数不再计入，拓扑和容忍也不起作用；应为 Retain`,
      en: `strategy of ${names} is Replace: chips are no longer counted, topology and tolerations are lost; Retain is right`,
    })),
    ...said(surplus, (names) => ({
      zh: `声明中没有的 ${names} 也换算成 ${CREDITS}`,
      en: `${names}, which the declaration has not, is turned into ${CREDITS} as well`,
    })),
  ];
}

/** What else of a configuration quotas hang on. Settings that are the operators' own business are left alone. */
export function otherSettings(wanted: Configuration, has: Configuration): Text[] {
  const prefixes = has.resources?.excludeResourcePrefixes ?? [];
  const gates = Object.entries(wanted.featureGates ?? {}).filter(([name, on]) => has.featureGates?.[name] !== on);
  const mappings = new Set(mapped(has));
  return [
    ...said(
      (wanted.resources?.excludeResourcePrefixes ?? []).filter(
        (one) => !prefixes.some((prefix) => one.startsWith(prefix)),
      ),
      (names) => ({
        zh: `resources.excludeResourcePrefixes 缺 ${names}：要用它们的 Pod 会一直等待，没有任何提示`,
        en: `resources.excludeResourcePrefixes lacks ${names}: a pod that asks for them waits for ever without a word`,
      }),
    ),
    ...(has.resources?.quotaCheckStrategy === 'IgnoreUndeclared'
      ? [
          {
            zh: 'resources.quotaCheckStrategy 为 IgnoreUndeclared：队列未声明的卡不计费就放行',
            en: 'resources.quotaCheckStrategy is IgnoreUndeclared: chips that a queue does not cover are admitted uncounted',
          },
        ]
      : []),
    ...said(
      mapped(wanted).filter((one) => !mappings.has(one)),
      (names) => ({
        zh: `resources.deviceClassMappings 缺 ${names}：申领的设备不计入配额`,
        en: `resources.deviceClassMappings lacks ${names}: devices that are claimed are not counted`,
      }),
    ),
    ...said(
      (wanted.integrations?.frameworks ?? []).filter((one) => !has.integrations?.frameworks?.includes(one)),
      (names) => ({
        zh: `integrations.frameworks 缺 ${names}：这些作业不排队，也不计数`,
        en: `integrations.frameworks lacks ${names}: such jobs neither wait nor are they counted`,
      }),
    ),
    ...(wanted.metrics?.enableClusterQueueResources && !has.metrics?.enableClusterQueueResources
      ? [
          {
            zh: 'metrics.enableClusterQueueResources 不为 true：没有配额和用量的指标',
            en: 'metrics.enableClusterQueueResources is not true: there are no metrics of quota and use',
          },
        ]
      : []),
    ...said(
      gates.map(([name, on]) => `${name}: ${on}`),
      (names) => ({
        zh: `featureGates 应有 ${names}：否则等待的作业可能什么原因也不显示`,
        en: `featureGates should hold ${names}: a job that waits may show no reason without`,
      }),
    ),
  ];
}

/** Chips that are counted by nothing, as an open resource begins like their name. */
export function excludedChips(wanted: Configuration, has: Configuration): Text[] {
  const counted = [CREDITS, ...(wanted.resources?.transformations ?? []).map(({ input }) => input)];
  return said(
    (has.resources?.excludeResourcePrefixes ?? []).filter((prefix) => counted.some((name) => name.startsWith(prefix))),
    (names) => ({
      zh: `resources.excludeResourcePrefixes 含 ${names}：加速器不计入任何配额`,
      en: `resources.excludeResourcePrefixes holds ${names}: chips are counted by no quota`,
    }),
  );
}

const said = (names: readonly string[], say: (names: string) => Text): Text[] =>
  names.length > 0 ? [say(names.join(', '))] : [];

const mapped = ({ resources }: Configuration): string[] =>
  (resources?.deviceClassMappings ?? []).flatMap(({ name, deviceClassNames }) =>
    deviceClassNames.map((one) => `${one} → ${name}`),
  );
