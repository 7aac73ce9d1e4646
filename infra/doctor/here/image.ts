import type { Checkup } from '../../../model/checkup.ts';
import type { Here } from '../context.ts';

export const image: Checkup<Here> = {
  name: { zh: '采集器镜像', en: "exporter's image" },
  run: ({ plan, where }) => {
    const { telemetry } = plan.estate;
    if (!telemetry)
      return { unknown: { zh: '声明中没有 telemetry.image', en: 'the declaration has no telemetry.image' } };
    const { image: name } = telemetry;
    if (!/@sha256:0{64}$/.test(name)) return { ok: { zh: name, en: name } };
    return {
      troubles: [
        {
          where: where(['telemetry', 'image']),
          what: {
            zh: '摘要全是 0，只是占位：没有这样的镜像',
            en: 'the digest is all zeros, a placeholder: no such image is there',
          },
          todo: {
            zh: '构建并推送镜像，写入仓库返回的摘要（docker buildx imagetools inspect 镜像 或 crane digest 镜像）',
            en: 'build and push the image, and write the digest that the registry gives (docker buildx imagetools inspect NAME, or crane digest NAME)',
          },
        },
      ],
    };
  },
};
