import type { Rule } from './obstacle.ts';

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** What runs is what was checked: a tag can be moved. */
export const images: Rule = ({ estate }) => {
  const image = estate.telemetry?.image;
  if (estate.clusters.length === 0 || (image !== undefined && DIGEST.test(image))) return [];
  return [
    {
      path: ['telemetry', 'image'],
      detail: {
        zh: '部署采集器需要 telemetry: { image: 镜像@sha256:… }，并用摘要固定镜像',
        en: 'deploying the exporter needs telemetry: { image: name@sha256:… }, the image pinned by its digest',
      },
    },
  ];
};
