import type { Response } from 'express';
import type { Text } from '../../../model/text.ts';

/** Every way in which a request can fail: a closed list. */
export const problems = {
  bad_request: { status: 400, text: { zh: '请求无法理解', en: 'the request cannot be understood' } },
  unauthorized: { status: 401, text: { zh: '需要用户名和密码', en: 'a user name and password are required' } },
  not_found: { status: 404, text: { zh: '没有这个路径；首页是 /', en: 'there is no such path; the page is at /' } },
  method_not_allowed: { status: 405, text: { zh: '只允许 GET 和 HEAD', en: 'only GET and HEAD are allowed' } },
  internal: { status: 500, text: { zh: '内部错误；详见日志', en: 'internal error; the log says more' } },
  not_ready: { status: 503, text: { zh: '第一个采集周期尚未完成', en: 'the first cycle is not finished yet' } },
  too_many: { status: 503, text: { zh: '同时进行的抓取过多', en: 'too many scrapes at once' } },
  busy: { status: 503, text: { zh: '正在核对其他密码', en: 'other passwords are being checked' } },
} as const satisfies Record<string, { status: number; text: Text }>;
export type Problem = keyof typeof problems;

/** Answers with the problem as JSON, in both languages. */
export function refuse(response: Response, problem: Problem): void {
  const { status, text } = problems[problem];
  if (status === 503) response.setHeader('Retry-After', '1');
  response.status(status).json({ error: { code: problem, ...text } });
}
