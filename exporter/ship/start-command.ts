import { SERIES_BUDGET } from '../publish/exposition.ts';
import { mallocEnvironment } from '../start-environment.ts';
import { BASE_MIB, BYTES_PER_SERIES, v8Flags } from '../v8-flags.ts';

/** How `node` is started on the bundle, in the start script and in the image. */
export const startCommand = { flags: v8Flags(SERIES_BUDGET), environment: mallocEnvironment };

/** The start script `greenflops` for hosts, POSIX sh: V8's limits, the allocator's, then Node in the shell's place. */
export const startScript = (): string => `#!/bin/sh
# Needs Node 22.19 or newer on the PATH. The limits are those of GREENFLOPS_WEB_MAX_SERIES series, ${SERIES_BUDGET} without it.
series=\${GREENFLOPS_WEB_MAX_SERIES:-${SERIES_BUDGET}}
case $series in *[!0-9]*) series=${SERIES_BUDGET} ;; esac
heap=$((${BASE_MIB} + (series * ${BYTES_PER_SERIES} + 1048575) / 1048576))
here=$(dirname -- "$(readlink -f -- "$0")")
export ${Object.entries(startCommand.environment)
  .map(([name, value]) => `${name}=${value}`)
  .join(' ')}
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 19) ? 0 : 1)' || {
  echo "greenflops needs Node 22.19 or newer; found $(node --version 2>/dev/null || echo none) on the PATH / 需要 Node 22.19 或更新版本" >&2
  exit 1
}
exec node ${v8Flags(SERIES_BUDGET)
  .join(' ')
  .replace(/(?<=--max-old-space-size=)\d+/, '$heap')} "$here/greenflops.mjs" "$@"
`;
