import type { Language, Text } from '../model/text.ts';

/** A place where whoever is called can type `greenflops`, and the line that lets a shell know it there. */
export interface Place {
  readonly where: Text;
  readonly greenflops: string;
}

/** Where greenflops runs: a checkout, exporter/ship/greenflops.service, infra/stacks/telemetry.ts. */
export const places = {
  checkout: {
    where: {
      zh: '代码仓库中（plan 可换成您的声明所在文件夹）',
      en: 'in a checkout (plan: or the folder of your declaration)',
    },
    greenflops:
      'env GREENFLOPS_PLAN=plan GREENFLOPS_STORE=sqlite:var/greenflops/ledger.db npm run --silent greenflops --',
  },
  host: {
    where: { zh: '由 systemd 运行采集器的主机上', en: 'on the host where systemd runs the exporter' },
    greenflops:
      'sudo env GREENFLOPS_PLAN=/etc/greenflops/plan GREENFLOPS_STORE=sqlite:/var/lib/greenflops/ledger.db /opt/greenflops/greenflops',
  },
  kubernetes: {
    where: {
      zh: 'Kubernetes（镜像已设定声明与账本的位置）',
      en: 'Kubernetes (the image knows where declaration and ledger are)',
    },
    greenflops: 'kubectl -n greenflops exec greenflops-exporter-0 -- node /opt/greenflops/greenflops.mjs',
  },
} as const satisfies Readonly<Record<string, Place>>;

const words = {
  first: {
    zh: '下文的 `greenflops …` 先要让终端认识；按所在之处输入其中一行：',
    en: 'For the commands `greenflops …` below, first type the one line of the place where you are:',
  },
  exporter: {
    zh: '`curl` 的地址是采集器自己的主机。Kubernetes 中先在另一个终端执行 `kubectl -n greenflops port-forward greenflops-exporter-0 9960`，再给 `curl` 加上 `-u 用户名`，它会询问密码。声明 `plan/…` 在主机上是 `/etc/greenflops/plan/…`，改后执行 `systemctl restart greenflops`；Kubernetes 中它来自代码仓库，改后执行 `npm run deploy`，采集器会随之重启。',
    en: '`curl` asks the exporter on its own host. With Kubernetes first run `kubectl -n greenflops port-forward greenflops-exporter-0 9960` in another terminal and give `curl` a `-u NAME`; it asks for the password. The declaration `plan/…` is `/etc/greenflops/plan/…` on a host: after a change `systemctl restart greenflops`. With Kubernetes it comes from the checkout: after a change `npm run deploy`, which starts the exporter anew.',
  },
} as const satisfies Record<string, Text>;

/** The part of every runbook that says where its commands are typed. */
export function commands(language: Language): string {
  const lines = Object.values(places).map(
    ({ where, greenflops }) => `# ${where[language]}\nalias greenflops='${greenflops}'`,
  );
  return [words.first[language], `\`\`\`sh\n${lines.join('\n')}\n\`\`\``, words.exporter[language]].join('\n\n');
}
