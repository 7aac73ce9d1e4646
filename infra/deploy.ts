import { declaredStacks } from './declared.ts';
import { deploy } from './deploy/deploy.ts';
import { destroy } from './deploy/destroy.ts';
import { diff } from './deploy/diff.ts';
import { help } from './deploy/help.ts';
import { readOptions } from './deploy/options.ts';
import { choose, type Run } from './deploy/run.ts';
import { requireTerraform } from './deploy/terraform.ts';
import { inWords, program, Stop } from './say.ts';

/** How to go about each verb. */
const ways: Readonly<Record<string, (run: Run) => Promise<void>>> = { deploy, diff, destroy };

/** `npm run deploy|diff|destroy -- [stack…] [flags]`; deploy/flags.ts lists the flags. */
await program(async () => {
  const [verb = '', ...given] = process.argv.slice(2);
  const way = ways[verb];
  if (verb === '--help' || verb === '-h') return console.log(inWords(help));
  if (!way) throw new Stop(help);
  const options = readOptions(verb, given);
  if (options.help) return console.log(inWords(help));
  if (options.kubectl ? false : verb !== 'diff' || options.terraform) requireTerraform();
  // Both ways ask on a terminal, and cdktf would end with a stack trace where there is none.
  if (verb !== 'diff' && !process.stdin.isTTY && !options.autoApprove)
    throw new Stop({
      zh: `${verb} 会在终端上请求确认，而这里没有终端：请在终端中运行，或加上 -- --auto-approve`,
      en: `${verb} asks for approval on a terminal, and there is none here: run it on one, or add -- --auto-approve`,
    });
  // Read here too, so that a broken declaration is told at once and in words.
  const declared = declaredStacks(options.plan);
  await way({ options, declared, ...choose(verb, declared, options) });
});
