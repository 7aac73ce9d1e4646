import { ModbusGateway } from './modbus/modbus-gateway.ts';

/** The gateways of one exporter, by address: all meters behind one address share its connection. */
export class Gateways {
  readonly #gateways = new Map<string, ModbusGateway>();

  at(address: string): ModbusGateway {
    const known = this.#gateways.get(address);
    if (known) return known;
    const gateway = new ModbusGateway(address);
    this.#gateways.set(address, gateway);
    return gateway;
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#gateways.values(), (gateway) => gateway.close()));
  }
}
