import type { Rule } from './obstacle.ts';

/** [host[:port]/]path[:tag]@digest, as container runtimes read it. */
const REFERENCE =
  /^([a-zA-Z0-9][a-zA-Z0-9.-]*(:\d+)?\/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?@sha256:[0-9a-f]{64}$/;

/** What runs is what was checked: a tag can be moved. */
export const images: Rule = ({ estate }) => {
  const image = estate.telemetry?.image;
  if (estate.clusters.length === 0 || (image !== undefined && REFERENCE.test(image))) return [];
  return [
    {
      path: ['telemetry', 'image'],
      detail: {
        zh: '部署采集器需要 telemetry: { image: 镜像@sha256:… }：镜像名合规（小写，无空格），并用摘要固定镜像',
        en: 'deploying the exporter needs telemetry: { image: name@sha256:… }, the name in lower case without blanks, and the image pinned by its digest',
      },
    },
  ];
};
