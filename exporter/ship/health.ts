import { request as http } from 'node:http';
import { request as https } from 'node:https';

/**
 * The image's health check: exit 0 where the exporter of this container answers /-/healthy, 1 where it does not. With
 * TLS the certificate's name is not loopback's, so it is not verified: the answer carries no data. An exporter that
 * demands client certificates is not asked: give its orchestrator a check of its own.
 */
const [, port = '9960'] = /:(\d+)$/.exec(process.env['GREENFLOPS_WEB_LISTEN_ADDRESS'] ?? '') ?? [];

const status = (request: typeof https): Promise<number | undefined> =>
  new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path: '/-/healthy', rejectUnauthorized: false, timeout: 2000 };
    const asked = request(options, (answer) => resolve(answer.resume().statusCode));
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });

process.exit(((await status(http)) ?? (await status(https))) === 200 ? 0 : 1);
