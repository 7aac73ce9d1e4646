// node bootstrap.mjs <program> [args…]
// Installs the workspace when the lock file says so, then runs a program of node_modules/.bin with the pinned Node.
// Plain JavaScript without a dependency: it runs on the host's own Node (18 or newer), before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const stamp = join(root, 'node_modules', '.greenflops-stamp');
const lock = join(root, '.cache', 'install-lock');
const patience = 15 * 60; // seconds that one install waits for another one

const zh = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
const say = (words) => process.stderr.write(`${zh ? words.zh : words.en}\n`);
function stop(words) {
  say(words);
  process.exit(1);
}
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const manifest = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
const main = manifest('.');
const hasPinned = `node-${process.platform}-${process.arch}` in main.optionalDependencies;

const [program, ...args] = process.argv.slice(2);
if (!program)
  stop({ zh: '用法：node bootstrap.mjs <程序> [参数…]', en: 'usage: node bootstrap.mjs <program> [args…]' });

let child; // what runs now: npm, then the program
let installing = false;
let stopped; // the first signal that came
let release = () => {}; // gives the lock back, where it is held
process.on('exit', () => release());
const lastSeen = {};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);

/** Passes a signal on, once: npm hands down what the whole group has got, so the same one comes twice within moments. */
function pass(signal) {
  stopped ??= signal;
  if (!child) void die(signal);
  // npm would finish the install, 20 s long, and take it back then. The next one starts anew: no stamp, no install.
  else if (installing) child.kill('SIGKILL');
  else {
    const again = performance.now() - lastSeen[signal] < 1000;
    lastSeen[signal] = performance.now();
    if (!again && !(signal === 'SIGINT' && inForeground())) child.kill(signal);
  }
}

/** Ctrl-C reaches every process of a terminal's foreground group: the child has got it. Fields 5 and 8 of proc(5) stat. */
function inForeground() {
  const [, , group, , , foreground] = read('/proc/self/stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return foreground ? group === foreground : process.stdin.isTTY;
}

/** Ends as the signal ends a program, so that whoever started this one sees it. */
async function die(signal) {
  release();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  await new Promise(() => {});
}

/** Runs a program to its end: resolves with its exit code and signal, or with the error that kept it from starting. */
function run(file, words, options) {
  return new Promise((resolve) => {
    child = spawn(file, words, options);
    child.on('error', (error) => resolve({ error }));
    child.on('exit', (code, signal) => resolve({ code, signal }));
  }).finally(() => (child = undefined));
}

/** What an install depends on: the lock file and the manifests' dependency fields (a new script needs no install). */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  hash.update(readFileSync(join(root, 'package-lock.json')));
  for (const { dependencies, devDependencies, optionalDependencies, overrides } of [
    main,
    ...main.workspaces.map(manifest),
  ])
    hash.update(JSON.stringify([dependencies, devDependencies, optionalDependencies, overrides]));
  return hash.digest('hex');
}

/** The stamp's second word says whose Node runs here: where it is the host's, node_modules/.bin/node is not expected. */
function ready() {
  const [hash, runtime] = read(stamp).split(' ');
  return hash === fingerprint() && ((program === 'node' && runtime === 'host') || existsSync(join(bin, program)));
}

/** A process as `pid.start`: a pid that was given out again has another start time (field 22 of proc(5) stat). */
function identity(pid) {
  const start = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')[19];
  return `${pid}.${start ?? ''}`;
}
function alive(who) {
  const pid = Number(who.split('.')[0]);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
  }
  return identity(pid) === who;
}

/** Takes the lock, or waits for its owner. The lock is a directory that appears with its owner's name already in it. */
async function takeLock() {
  const mine = `${lock}.${process.pid}`;
  mkdirSync(mine, { recursive: true });
  writeFileSync(join(mine, 'owners'), identity(process.pid));
  release = () => rmSync(mine, { recursive: true, force: true });
  for (let waited = 0; ; waited += 0.25, await sleep(250)) {
    const owners = read(join(lock, 'owners'));
    const [owner] = owners.split(' ');
    // A dead owner's lock is moved to a name of its own and stays there: a second finder's rename then fails.
    // Read twice: a name that still stands after its process was seen dead stands for ever.
    if (owner && !owners.split(' ').some(alive) && read(join(lock, 'owners')) === owners)
      rename(lock, `${lock}.of-${owner}`);
    if (rename(mine, lock)) break; // fails while another one's stands there, as a directory that is not empty
    if (waited === 2)
      say({
        zh: `等待另一个安装（进程 ${owner}）结束……`,
        en: `Waiting for another install (process ${owner}) …`,
      });
    if (waited > patience)
      stop({
        zh: `另一个安装（进程 ${owner}）15 分钟后仍未结束。请结束它，删除 ${lock}，再试一次。`,
        en: `Another install (process ${owner}) has not ended after 15 minutes. End it, remove ${lock} and try again.`,
      });
  }
  release = () => rename(lock, mine) && rmSync(mine, { recursive: true }); // goes in one step, as it came
}

function rename(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) return false;
    throw error;
  }
}

async function install() {
  let seconds = 0;
  const progress = setInterval(() => {
    if (seconds++ % 5 === 2) say({ zh: `正在安装依赖包…… ${seconds} 秒`, en: `Installing packages … ${seconds} s` });
  }, 1000);
  const underNpm = process.env.npm_execpath?.endsWith('npm-cli.js');
  // The tools are needed where NODE_ENV says production too. npm's warnings (EBADENGINE) are not the user's concern.
  const words = ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--progress=false'];
  const running = run(underNpm ? process.execPath : 'npm', underNpm ? [process.env.npm_execpath, ...words] : words, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (child.pid) writeFileSync(join(lock, 'owners'), `${identity(process.pid)} ${identity(child.pid)}`);
  installing = true;
  const { code, signal, error } = await running;
  installing = false;
  clearInterval(progress);
  if (stopped) await die(stopped);
  if (code !== 0)
    stop({
      zh: `安装失败：在 ${root} 运行 npm ci（${error?.message ?? signal ?? `退出码 ${code}`}）。请检查网络、npm 的软件源与代理设置（npm config list）和磁盘空间，然后再运行一次。`,
      en: `The install failed: npm ci in ${root} (${error?.message ?? signal ?? `exit code ${code}`}). Check the network, npm's registry and proxy settings (npm config list) and the free disk space, then run this again.`,
    });
  const node = join(bin, 'node');
  const works = hasPinned && spawnSync(node, ['--version']).status === 0;
  if (!works) rmSync(node, { force: true }); // one that cannot run here (musl, an old glibc) must not hide the host's
  writeFileSync(stamp, `${fingerprint()} ${works ? 'pinned' : 'host'}`);
}

if (!ready()) {
  await takeLock();
  if (!ready()) await install();
  release();
  release = () => {};
}

const onHost = read(stamp).endsWith(' host');
const [major, minor] = process.versions.node.split('.').map(Number);
if (onHost && (major < 22 || (major === 22 && minor < 19)))
  stop({
    zh: `没有可在 ${process.platform} ${process.arch} 上运行的内置 Node，而本机的 Node ${process.version} 太旧。请安装 Node 22.19 或更新的版本（建议 24），再运行一次。`,
    en: `No Node is packaged that runs on ${process.platform} ${process.arch}, and this machine's own ${process.version} is too old. Install Node 22.19 or newer (24 is best), then run this again.`,
  });
const file = onHost && program === 'node' ? process.execPath : join(bin, program);
if (!existsSync(file))
  stop({
    zh: `没有程序 ${program}：安装之后也没有 ${file}。请检查名称。`,
    en: `There is no program ${program}: after the install ${file} does not exist. Check the name.`,
  });
const PATH = [bin, ...(onHost ? [dirname(process.execPath)] : []), process.env.PATH].join(delimiter);
const { code, signal, error } = await run(file, args, { stdio: 'inherit', env: { ...process.env, PATH } });
if (error) stop({ zh: `无法启动 ${file}：${error.message}`, en: `${file} cannot be started: ${error.message}` });
if (signal) await die(signal);
process.exit(code);
