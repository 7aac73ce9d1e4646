import { tally } from '../tally.ts';
import { badInputChecks } from './bad-input.ts';
import { boardChecks } from './board.ts';
import { brokenSourceChecks } from './broken-sources.ts';
import { faultyMeterChecks, faultyMeters } from './faulty-meters.ts';
import { formatChecks } from './formats.ts';
import { healthyMeterChecks, healthyMeters } from './healthy-meters.ts';
import { dlt645Checks } from './readers/dlt645.ts';
import { plainChecks } from './readers/plain.ts';
import { modbusChecks } from './readers/modbus.ts';
import { prometheusChecks } from './readers/prometheus.ts';
import { provinceChecks } from './readers/province.ts';
import { redfishChecks } from './readers/redfish.ts';
import { snmpChecks } from './readers/snmp.ts';
import { toxiproxyChecks } from './readers/toxiproxy.ts';
import { recordedChecks } from './recorded.ts';
import { rogueChecks } from './rogue.ts';
import { ruleChecks } from './rules.ts';
import { record, type Run } from './run.ts';
import { openStage } from './stage.ts';
import { totalsChecks } from './totals.ts';
import { workChecks, workingPools } from './work.ts';

// So that what was started is killed on 'exit'.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

const stage = await openStage();
try {
  let recorded: Promise<Run> | undefined;
  /** Begun by the first check that looks at it. */
  const run = () => (recorded ??= record(stage, [healthyMeters, faultyMeters, workingPools]));
  await tally(
    'peers',
    [
      ['a twin, an exporter and a Prometheus; every fault on a device of its own, side by side', run],
      ...healthyMeterChecks(run),
      ...faultyMeterChecks(run),
      ...workChecks(run),
      ...totalsChecks(run),
      ...formatChecks(stage, run),
      ...recordedChecks(stage),
      ...badInputChecks(stage, run),
      ...brokenSourceChecks(stage),
      ...boardChecks(stage),
      ...redfishChecks(),
      ...plainChecks(),
      ...modbusChecks(),
      ...dlt645Checks(),
      ...snmpChecks(),
      ...prometheusChecks(),
      ...toxiproxyChecks(),
      ...provinceChecks(stage),
      ...rogueChecks(),
    ],
    ruleChecks(), // promtool beside the others, which wait for their servers most of their time
  );
} finally {
  await stage.ends.disposeAsync();
}
