import type { Text } from '../../../model/text.ts';
import { problems, type Problem } from './problems.ts';
import type { Route } from './routes.ts';

const both = ({ zh, en }: Text): string => `${zh} / ${en}`;

const string = { type: 'string' };
const error = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'zh', 'en'],
      properties: { code: { enum: Object.keys(problems) }, zh: string, en: string },
    },
  },
};

/** The problems that a route can answer with, by status code. */
function failuresOf({ open, limited }: Route): object {
  const possible: Problem[] = open ? [] : ['unauthorized', 'busy', 'not_ready'];
  if (limited) possible.push('too_many');
  const byStatus = Map.groupBy(possible, (problem) => problems[problem].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => both(problems[code].text)).join('; '),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]),
  );
}

/** The description of the API (OpenAPI 3.1), made from the routes themselves. */
export function openapi(routes: readonly Route[]): object {
  const paths = routes.map((route) => [
    route.path,
    {
      get: {
        summary: both(route.summary),
        security: route.open ? [{}] : [{}, { basic: [] }],
        responses: {
          200: {
            description: both(route.summary),
            content: Object.fromEntries(route.mediaTypes.map((mediaType) => [mediaType, {}])),
          },
          ...failuresOf(route),
        },
      },
    },
  ]);
  return {
    openapi: '3.1.0',
    info: { title: 'Greenflops', version: 'v1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths: Object.fromEntries(paths),
    components: { schemas: { Error: error }, securitySchemes: { basic: { type: 'http', scheme: 'basic' } } },
  };
}
