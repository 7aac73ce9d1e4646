import { unless, type Checkup } from '../../../model/checkup.ts';
import { unknown, type There } from '../context.ts';

/** A token is not valid yet where the server's clock is behind, and an hour's energy lands in another hour. */
const MOST = 10; // s

export const clock: Checkup<There> = {
  name: { zh: '时钟', en: 'clocks' },
  run: async ({ reader, now }) => {
    // Whoever is let in may ask who they are, and the answer is made at the server's time, in whole seconds.
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const before = now();
    const { code, stdout, stderr } = await reader.run(['create', '-f', '-', '-o', 'json'], JSON.stringify(review));
    const after = now();
    const made = /"creationTimestamp":\s*"([^"]+)"/.exec(stdout)?.[1];
    if (code !== 0 || made === undefined)
      return unknown(`服务器没有给出时间（${stderr.trim()}）`, `the server gives no time (${stderr.trim()})`);
    const server = Date.parse(made) + 500; // the middle of that second
    const off = server < before ? server - before : Math.max(0, server - after);
    const late = off < 0;
    const seconds = Math.round(Math.abs(off) / 1000);
    return unless(
      seconds <= MOST
        ? []
        : [
            {
              what: {
                zh: `API 服务器的时钟比本机${late ? '慢' : '快'} ${seconds} 秒`,
                en: `the API server's clock is ${seconds} s ${late ? 'behind' : 'ahead of'} this machine's`,
              },
              todo: {
                zh: '两边都用 NTP 对时（chronyc tracking），差距须在 10 秒以内',
                en: 'let NTP set both (chronyc tracking); they may differ by 10 s',
              },
            },
          ],
      { zh: '与 API 服务器相差不到 10 秒', en: 'within 10 s of the API server' },
    );
  },
};
