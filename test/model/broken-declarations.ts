import { declaration, type Edit } from './declaration.ts';

const GATE = '  - id: gate\n    site: north\n    role: facility\n    rated_kw: 900\n';
const ITEM = 'state: verified, date: 2026-03-01 }';

/** The meter of the declaration that is read from a text, from its source on. */
const GAS =
  'protocol: exposition, url: "http://127.0.0.1:9/metrics" }\n    registers:\n      energy: { metric: gas_joules_total, scale_to_j: 1, modulus: none }';

/** Declarations with faults: each ⟦code⟧ stands where a finding is expected. */
export const cases: readonly (readonly [name: string, edits: readonly Edit[]])[] = [
  ['another version', [['registers.yaml', 'schema: greenflops/v1', 'schema: ⟦schema⟧greenflops/v2']]],
  ['no schema line', [['factors.yaml', 'schema: greenflops/v1\n', '⟦schema⟧']]],
  ['a Chinese id', [['registers.yaml', 'id: item-one', 'id: ⟦slug⟧项目']]],
  ['a time without zone', [['estate.yaml', 'valid_from: 2025', 'valid_from: ⟦time⟧2025-01-01 #']]],
  ['an impossible day', [['registers.yaml', 'date: 2026-03-01', 'date: ⟦date⟧2026-02-30']]],
  ['a duration without unit', [['estate.yaml', GATE, `${GATE}    every: ⟦duration⟧15\n`]]],
  ['an address without port', [['estate.yaml', '"127.0.0.1:502", unit: 2', '⟦address⟧"127.0.0.1", unit: 2']]],
  [
    'a URL of another kind',
    [['estate.yaml', '"http://127.0.0.1:9/metrics" }\n    registers', '⟦url⟧"ftp://h/m" }\n    registers']],
  ],
  [
    'a hash that is none',
    [
      [
        'registers.yaml',
        ITEM,
        'state: verified, date: 2026-03-01, evidence: [{ what: { zh: 甲, en: A }, sha256: ⟦sha256⟧abc }] }',
      ],
    ],
  ],
  [
    'a misspelt key',
    [
      [
        'estate.yaml',
        GATE,
        '  - ⟦rated⟧id: gate\n    site: north\n    role: facility\n    ⟦unknown_key⟧rated_kv: 900\n',
      ],
    ],
  ],
  ['a number in quotes', [['estate.yaml', 'rated_kw: 900', 'rated_kw: ⟦wrong_type⟧"900"']]],
  ['a key without value', [['estate.yaml', 'rated_kw: 900', 'rated_kw:⟦wrong_type⟧']]],
  ['an unknown role', [['estate.yaml', 'role: cooling', 'role: ⟦not_one_of⟧coling']]],
  ['an unknown protocol', [['estate.yaml', '{ protocol: calculated', '{ protocol: ⟦not_one_of⟧calc']]],
  ['a negative power', [['estate.yaml', 'rated_kw: 900', 'rated_kw: ⟦out_of_range⟧-1']]],
  [
    'eleven actions',
    [
      [
        'jiangxi-2030.yaml',
        'actions:\n  - { id: action-1, category: governance, name: unverified }\n  - ',
        'actions:\n  ⟦wrong_count⟧- ',
      ],
      ['jiangxi-2030.yaml', 'action: action-1', 'action: ⟦unknown_id⟧action-1'],
      ['estate.yaml', 'id: tenant-one, action: ', 'id: tenant-one, action: ⟦unknown_id⟧'],
    ],
  ],
  [
    'a register without function, of an unknown type',
    [['estate.yaml', '{ function: 4, address: 72, type: uint16', '⟦missing⟧{ address: 72, type: ⟦not_one_of⟧uint61']],
  ],
  [
    'a misspelt list leaves the others checked',
    [
      ['estate.yaml', 'halls:\n', '⟦unknown_key⟧hals: []\nhalls:\n'],
      ['estate.yaml', 'carrier: gas', 'carrier: gas\n    hall: ⟦other_site⟧hall-one'],
    ],
  ],
  ['an empty text', [['factors.yaml', 'source: test', 'source: ⟦wrong_length⟧""']]],
  ['a fault in an anchor is told once', [['estate.yaml', 'type: int64', 'type: ⟦not_one_of⟧int46']]],

  ['an empty file', [['factors.yaml', declaration['factors.yaml'] ?? '', '⟦empty⟧# nothing\n']]],
  ['broken YAML', [['factors.yaml', 'grid_factors:', 'grid_factors: ⟦yaml⟧]']]],
  ['a tab', [['factors.yaml', '  - { grid', '⟦tab⟧\t- { grid']]],
  ['a key twice', [['estate.yaml', 'rated_kw: 900', 'rated_kw: 900\n    ⟦duplicate_key⟧rated_kw: ⟦out_of_range⟧-1']]],
  ['an anchor that is not there', [['estate.yaml', 'registers: *wide', 'registers: ⟦unknown_anchor⟧*wild']]],
  [
    'an alias within its anchor',
    [['estate.yaml', 'selector: { pool: one }', 'selector: &loop { pool: ⟦circular_alias⟧*loop }']],
  ],

  ['an unknown accelerator', [['estate.yaml', 'accelerator: chip-one', 'accelerator: ⟦unknown_id⟧chip']]],
  ['an unknown carrier', [['estate.yaml', 'carrier: gas', 'carrier: ⟦unknown_id⟧gass']]],
  [
    'the default carrier is missing',
    [
      ['profiles.yaml', '  - { id: electricity', '  - { id: electric'],
      ...['gate', 'ups', 'narrow', 'ups-calc'].map((id): Edit => [
        'estate.yaml',
        `- id: ${id}\n`,
        `- ⟦unknown_id⟧id: ${id}\n`,
      ]),
    ],
  ],
  ['an id twice', [['estate.yaml', 'id: tenant-two', 'id: ⟦duplicate⟧tenant-one']]],
  ['ids that differ by hyphens', [['estate.yaml', 'id: tenant-two', 'id: ⟦colliding_id⟧tenantone']]],
  ['a namespace of two tenants', [['estate.yaml', '[ns-two]', '[⟦duplicate⟧ns-one]']]],
  ["one exporter's name for two models", [['accelerators.yaml', '[Two]', '[⟦duplicate⟧chip ONE]']]],
  ['a circle of parents', [['estate.yaml', GATE, `${GATE}    parent: ⟦parent_cycle⟧ups\n`]]],
  ["another site's hall", [['estate.yaml', 'carrier: gas', 'carrier: gas\n    hall: ⟦other_site⟧hall-one']]],
  ["another site's parent", [['estate.yaml', '    carrier: gas', '    parent: ⟦other_site⟧gate\n    carrier: gas']]],
  ['its own backup', [['estate.yaml', 'backup: ups-calc', 'backup: ⟦own_backup⟧ups']]],
  [
    'export inside the site',
    [['estate.yaml', 'role: cooling', 'role: cooling\n    direction: ⟦direction_inside⟧export']],
  ],
  ['a certificate that ends first', [['estate.yaml', 'to: 2027-01-01', 'to: ⟦empty_range⟧2025-01-01']]],
  [
    'a meter that ends first',
    [
      [
        'estate.yaml',
        '    valid_from: 2025-01-01T00:00:00+08:00\n',
        '    valid_from: 2025-01-01T00:00:00+08:00\n    valid_to: ⟦empty_range⟧2024-12-31T16:00:00Z\n',
      ],
    ],
  ],
  [
    'CT ratios out of order',
    [
      [
        'estate.yaml',
        'from: 2026-01-01T00:00:00+08:00, value: 40',
        'from: ⟦unordered⟧2025-01-01T00:00:00+08:00, value: 40',
      ],
    ],
  ],
  [
    'an SNMP meter without a number for an OID',
    [
      [
        'estate.yaml',
        GAS,
        `protocol: snmp, version: 2c, community: public, address: "127.0.0.1:161" }
    registers:
      energy: { oid: ⟦oid⟧rPDU2, scale_to_j: 1, modulus: none }`,
      ],
    ],
  ],
  [
    'an SNMP community that is given twice',
    [
      [
        'estate.yaml',
        GAS,
        `protocol: snmp, version: 2c, community: ⟦snmp_secret⟧public, community_file: /c, address: "127.0.0.1:161" }
    registers:
      energy: { oid: 1.3.6.1, scale_to_j: 1, modulus: none }`,
      ],
    ],
  ],
  [
    'a Redfish URL that is a file, and what is no pointer',
    [
      [
        'estate.yaml',
        GAS,
        `protocol: redfish, url: ⟦http_url⟧"file:///redfish" }
    registers:
      energy: { resource: ⟦resource⟧/Chassis/1U, property: ⟦pointer⟧PowerWatts, scale_to_j: 1, modulus: none }`,
      ],
    ],
  ],
  [
    'a fingerprint that is too short',
    [
      [
        'estate.yaml',
        GAS,
        `protocol: http-json, url: "https://127.0.0.1/", tls: { fingerprint_sha256: ⟦fingerprint⟧"ab:cd" } }
    registers:
      energy: { pointer: /a, scale_to_j: 1, modulus: none }`,
      ],
    ],
  ],
  [
    'the address of a DL/T 645 meter with a letter',
    [
      [
        'estate.yaml',
        GAS,
        `protocol: dlt645, address: "127.0.0.1:9", meter: ⟦dlt645_address⟧"12345678901A" }
    registers:
      energy: { identifier: ⟦identifier⟧"0001", scale_to_j: 1, modulus: none }`,
      ],
    ],
  ],
  [
    'a URL for each node that names no node',
    [
      [
        'estate.yaml',
        'source: { protocol: exposition, url: "http://127.0.0.1:9/metrics" } }',
        'source: { protocol: exposition, url_per_node: ⟦node_url⟧"http://h/metrics" } }',
      ],
    ],
  ],
  [
    'nodes that are not named',
    [
      [
        'estate.yaml',
        'source: { protocol: exposition, url: "http://127.0.0.1:9/metrics" } }',
        'source: { protocol: exposition, url_per_node: ⟦nodes_unnamed⟧"http://{node}/metrics" } }',
      ],
    ],
  ],
  [
    'two URLs of one pool',
    [
      [
        'estate.yaml',
        'source: { protocol: exposition, url: "http://127.0.0.1:9/metrics" } }',
        'source: ⟦pool_url⟧{ protocol: exposition, url: "http://h/m", url_per_node: "http://{node}/m" } }',
      ],
    ],
  ],
  [
    'a Redfish session without a password',
    [
      [
        'estate.yaml',
        GAS,
        `protocol: redfish, url: "https://127.0.0.1", session: ⟦session_password⟧true }
    registers:
      energy: { resource: /redfish/v1/Chassis/1U, property: /a, scale_to_j: 1, modulus: none }`,
      ],
    ],
  ],
  [
    'TLS over plain HTTP, and a certificate without its key',
    [
      [
        'estate.yaml',
        GAS,
        `protocol: http-json, url: "http://127.0.0.1/", ⟦tls_without_https⟧tls: ⟦certificate_key⟧{ cert_file: /c } }
    registers:
      energy: { pointer: /a, scale_to_j: 1, modulus: none }`,
      ],
    ],
  ],
  [
    'a block of DL/T 645',
    [
      [
        'estate.yaml',
        GAS,
        `protocol: dlt645, address: "127.0.0.1:9", meter: "123456789012" }
    registers:
      energy: { identifier: ⟦dlt645_block⟧"0000FF00", scale_to_j: 1, modulus: none }`,
      ],
    ],
  ],
  [
    'an item of DL/T 645 that nobody knows',
    [
      [
        'estate.yaml',
        GAS,
        `protocol: dlt645, address: "127.0.0.1:9", meter: "123456789012" }
    registers:
      energy: { identifier: ⟦dlt645_unknown⟧"04000101", scale_to_j: 1, modulus: none }`,
      ],
    ],
  ],
  [
    'allocation of a family that is not of its protocol',
    [
      [
        'estate.yaml',
        'data_classes: [general] }',
        'data_classes: [general], allocation: { family: ⟦allocation_family⟧held, source: { protocol: kubernetes } } }',
      ],
    ],
  ],
  [
    'two meters of one folder that read its files in different ways',
    [
      [
        'estate.yaml',
        GAS,
        'protocol: file-drop, folder: /drop, unit: kWh }\n  - id: gas-two\n    site: south\n    role: facility\n    carrier: gas\n    rated_kw: 100\n    source: ⟦folder_differs⟧{ protocol: file-drop, folder: /drop, unit: MWh }',
      ],
    ],
  ],
  ['a meter without registers', [['estate.yaml', 'registers: *wide', 'registers: ⟦no_register⟧{}']]],
  [
    'a Modbus register of an exposition source',
    [
      [
        'estate.yaml',
        '{ metric: gas_joules_total, scale_to_j: 1, modulus: none }',
        '⟦wrong_register⟧{ function: 3, address: 1, type: int64, scale_to_j: 1, modulus: none }',
      ],
    ],
  ],
  [
    'a metric of a Modbus source, by an alias',
    [
      ['estate.yaml', 'registers: &wide', 'registers: &wide # both'],
      [
        'estate.yaml',
        'protocol: modbus-tcp, address: "127.0.0.1:502", unit: 2 }\n    registers: *wide',
        'protocol: exposition, url: "http://h/m" }\n    registers: ⟦wrong_register⟧⟦wrong_register⟧*wide',
      ],
    ],
  ],
  [
    'two scales',
    [
      [
        'estate.yaml',
        'energy: { metric: gas_joules_total, ',
        'energy: ⟦energy_scale⟧{ metric: gas_joules_total, scale_to_wh: 1, ',
      ],
    ],
  ],
  [
    'no scale',
    [
      [
        'estate.yaml',
        'energy: { metric: gas_joules_total, scale_to_j: 1, ',
        'energy: ⟦energy_scale⟧{ metric: gas_joules_total, ',
      ],
    ],
  ],
  [
    'registers beyond the last',
    [['estate.yaml', 'address: 72, type: uint16', 'address: ⟦past_last_register⟧65534, type: uint64']],
  ],
  ['a modulus that no register holds', [['estate.yaml', 'modulus: 65536', 'modulus: ⟦modulus_too_wide⟧65537']]],
  [
    'a register that rolls over unseen',
    [['estate.yaml', 'scale_to_wh: 100, modulus: 65536', 'scale_to_wh: 1, modulus: ⟦ambiguous_rollover⟧65536']],
  ],
  [
    'a tariff register that rolls over unseen',
    [
      [
        'estate.yaml',
        'energy: { function: 4, address: 72, type: uint16, scale_to_wh: 100, modulus: 65536 }',
        'energy: [{ function: 4, address: 72, type: uint16, scale_to_wh: 100, modulus: 65536 }, { function: 4, address: 73, type: uint16, scale_to_wh: 1, modulus: ⟦ambiguous_rollover⟧65536 }]',
      ],
    ],
  ],
  [
    'a register that is taken off',
    [['estate.yaml', 'energy: { metric: gas_joules_total, ', 'energy: { sign: ⟦sign⟧-1, metric: gas_joules_total, ']],
  ],
  [
    'evidence of resets without energy',
    [
      [
        'estate.yaml',
        'energy: { metric: gas_joules_total, scale_to_j: 1, modulus: none }',
        '⟦restart_alone⟧restart: { metric: gas_restarts_total }',
      ],
    ],
  ],
  [
    'a formula that ends too soon',
    [['estate.yaml', '"gate - 1.5 * (narrow)"', '⟦formula_syntax⟧"gate - 1.5 * (narrow"']],
  ],
  ['a formula of products', [['estate.yaml', '"gate - 1.5 * (narrow)"', '⟦formula_not_linear⟧"gate * narrow"']]],
  ['a formula of itself', [['estate.yaml', '"gate - 1.5 * (narrow)"', '⟦formula_cycle⟧"gate - ups-calc"']]],
  [
    'a backup with a backup',
    [
      ['estate.yaml', 'backup: ups-calc', 'backup: ⟦backup_of_backup⟧ups-calc'],
      ['estate.yaml', '  - id: ups-calc\n', '  - id: ups-calc\n    backup: narrow\n'],
    ],
  ],
  [
    'energy that a formula counts again',
    [
      ['estate.yaml', 'backup: ups-calc\n    ', ''],
      [
        'estate.yaml',
        'role: other\n    rated_kw: 400\n    source: { protocol: calculated, formula: "gate - 1.5 * (narrow)" }',
        'role: it\n    rated_kw: 400\n    source: { protocol: calculated, formula: ⟦double_count⟧"ups + narrow" }',
      ],
    ],
  ],
  [
    'a share of a meter beside what hangs below that meter',
    [
      ['estate.yaml', 'role: it\n    category: 1\n    parent: gate', 'role: it\n    category: 1\n    parent: narrow'],
      ['estate.yaml', 'backup: ups-calc\n    ', ''],
      [
        'estate.yaml',
        'role: other\n    rated_kw: 400\n    source: { protocol: calculated, formula: "gate - 1.5 * (narrow)" }',
        'role: it\n    rated_kw: 400\n    source: { protocol: calculated, formula: ⟦double_count⟧"0.95 * narrow" }',
      ],
    ],
  ],
  [
    'a feeder that is the sum of what hangs below the gate',
    [
      ['estate.yaml', 'backup: ups-calc\n    ', ''],
      [
        'estate.yaml',
        'role: other\n    rated_kw: 400\n    source: { protocol: calculated, formula: "gate - 1.5 * (narrow)" }',
        'role: facility\n    rated_kw: 400\n    source: { protocol: calculated, formula: ⟦double_count⟧"ups + narrow" }',
      ],
    ],
  ],
  [
    'a backup that another meter of the side has counted',
    [
      ['estate.yaml', 'backup: ups-calc', 'backup: ⟦double_backup⟧ups-calc'],
      ['estate.yaml', 'role: cooling\n    parent: gate', 'role: it\n    parent: gate'],
      ['estate.yaml', '"gate - 1.5 * (narrow)"', '"gate - 2.5 kW"'],
    ],
  ],
  ['a formula of strangers', [['estate.yaml', '"gate - 1.5 * (narrow)"', '⟦formula⟧"gate - 1.5 * (narow)"']]],
  [
    'a calculated meter with registers',
    [['estate.yaml', '(narrow)" }\n', '(narrow)" }\n    registers: ⟦calculated_register⟧*wide\n']],
  ],
  [
    'a certificate of nobody, and one of a site that is spread over others too',
    [
      ['estate.yaml', '{ id: cert, serial: A-1, site: north,', '⟦certificate_site⟧{ id: cert, serial: A-1,'],
      ['estate.yaml', '- id: shared\n', '- ⟦certificate_site⟧id: shared\n    site: north\n'],
    ],
  ],
  [
    'a certificate that is given away twice',
    [
      [
        'estate.yaml',
        'allocations: [{ site: north, mwh: 0.1 }, { site: south, mwh: 0.2 }]',
        'allocations: ⟦over_allocated⟧[{ site: north, mwh: 0.1 }, { site: south, mwh: 0.2001 }]',
      ],
    ],
  ],
  ['a certificate that stands twice', [['estate.yaml', 'serial: A-2', 'serial: ⟦duplicate⟧" a-1 "']]],
  [
    'a certificate that begins within an hour, for a site that is not there',
    [
      [
        'estate.yaml',
        'from: 2026-01-01T00:00:00+08:00\n    to: 2026-02',
        'from: ⟦full_hour⟧2026-01-01T00:30:00+08:00\n    to: 2026-02',
      ],
      ['estate.yaml', '{ site: south, mwh: 0.2 }', '{ site: ⟦unknown_id⟧west, mwh: 0.2 }'],
    ],
  ],
  ['two factors of one year', [['factors.yaml', 'year: 2023', 'year: ⟦factor_year⟧2022']]],
  ['a fuel factor of electricity', [['factors.yaml', 'carrier: gas', 'carrier: ⟦fuel_electricity⟧electricity']]],
  ['a fuel that no carrier is', [['factors.yaml', 'carrier: gas', 'carrier: ⟦unknown_id⟧gass']]],
  ['important data on an open cluster', [['estate.yaml', 'clusters: [closed]', 'clusters: [⟦data_class⟧open]']]],
  [
    'an important tenant on an open cluster',
    [
      [
        'estate.yaml',
        'data_class: general, quota: [{ pool: pool-one',
        'data_class: important, quota: [{ pool: ⟦data_class⟧pool-one',
      ],
    ],
  ],
  // clusters, pools and tenants
  [
    'an image registry with its protocol',
    [
      [
        'estate.yaml',
        'data_classes: [general] }',
        'data_classes: [general], registries: [⟦registry⟧"https://registry.example/jx"] }',
      ],
    ],
  ],
  [
    'a further resource without its domain',
    [
      [
        'estate.yaml',
        'data_classes: [general] }',
        'data_classes: [general], resources: [rdma/hca, ⟦resource_name⟧hca] }',
      ],
    ],
  ],
  [
    'a DRA driver that is no host name',
    [
      [
        'estate.yaml',
        'tenants:\n',
        `  - { id: claims, cluster: open, accelerator: chip-one, count: 1, nodes: { names: [n9] }, sharing: { by: dra, driver: ⟦driver⟧"gpu'x" } }
tenants:
`,
      ],
    ],
  ],
  [
    'a size in powers of ten',
    [['estate.yaml', 'maintenance:\n', 'telemetry: { image: i, ledger: { storage: ⟦storage⟧10G } }\nmaintenance:\n']],
  ],
  ['two clusters of one context', [['estate.yaml', 'context: closed', 'context: ⟦duplicate⟧open']]],
  [
    'a pool on a manager',
    [
      ['estate.yaml', 'data_classes: [general] }', 'data_classes: [general], role: manager }'],
      ['estate.yaml', 'cluster: open\n', 'cluster: ⟦manager_pool⟧open\n'],
    ],
  ],
  [
    'a pool on the API server of Karmada',
    [
      ['estate.yaml', 'data_classes: [general] }', 'data_classes: [general], role: karmada }'],
      ['estate.yaml', 'cluster: open\n', 'cluster: ⟦manager_pool⟧open\n'],
    ],
  ],
  [
    'the configuration of a Kueue that is not there',
    [
      [
        'estate.yaml',
        'data_classes: [general] }',
        'data_classes: [general], kueue: { manage_config: ⟦kueue_disabled⟧true, defaults: ⟦kueue_disabled⟧demanded, count_hosts: false } }',
      ],
    ],
  ],
  [
    'settings of Kueue and Volcano on clusters of another role',
    [
      [
        'estate.yaml',
        'data_classes: [general, important] }',
        `data_classes: [general, important] }
  - { id: over, site: north, context: over, jurisdiction: jiangxi, data_classes: [general], role: manager, kueue: { enabled: true, kubeconfig: ⟦kueue_role⟧{ secret: own } }, volcano: { enabled: ⟦kueue_role⟧true } }
  - { id: fleet, site: north, context: fleet, jurisdiction: jiangxi, data_classes: [general], role: karmada, kueue: { enabled: ⟦kueue_role⟧true, workers: ⟦kueue_role⟧[closed] } }`,
      ],
    ],
  ],
  [
    'workers that have no Kueue, are none, or are not there',
    [
      [
        'estate.yaml',
        'data_classes: [general, important] }',
        `data_classes: [general, important] }
  - { id: over, site: north, context: over, jurisdiction: jiangxi, data_classes: [general], role: manager, kueue: { enabled: true, workers: [closed, ⟦no_worker⟧open, ⟦no_worker⟧over, ⟦unknown_id⟧opened] } }`,
      ],
    ],
  ],
  [
    'two managers of one worker, by name and by saying nothing',
    [
      [
        'estate.yaml',
        'data_classes: [general, important] }',
        `data_classes: [general, important] }
  - { id: over, site: north, context: over, jurisdiction: jiangxi, data_classes: [general], role: manager, kueue: { enabled: true } }
  - { id: above, site: north, context: above, jurisdiction: jiangxi, data_classes: [general], role: manager, kueue: { enabled: true, workers: ⟦worker_shared⟧[closed] } }
  - { id: high, site: north, context: high, jurisdiction: jiangxi, data_classes: [general], role: ⟦worker_shared⟧manager, kueue: { enabled: true } }`,
      ],
    ],
  ],
  [
    'racks by the name of the host',
    [
      [
        'estate.yaml',
        'cluster: open\n',
        'cluster: open\n    racks: { label: ⟦racks_hostname⟧kubernetes.io/hostname, values: [n1] }\n',
      ],
    ],
  ],
  [
    'a name of whole chips for slices',
    [['estate.yaml', 'cluster: closed\n', 'cluster: closed\n    resource: ⟦resource_shared⟧example.com/chip\n']],
  ],
  [
    'two quotas on one slice of a pool',
    [
      [
        'estate.yaml',
        'quota: [{ pool: pool-cut, slice: 3g, pflops: 0.2 }]',
        `quota:
      - { pool: pool-cut, slice: 3g, pflops: 0.1 }
      - ⟦quota_twice⟧{ pool: pool-cut, slice: 3g, pflops: 0.1 }`,
      ],
    ],
  ],
  [
    'quotas of a pool and a cluster, of a slice without a pool, and of clusters that have no queue',
    [
      [
        'estate.yaml',
        'quota: [{ pool: pool-cut, slice: 3g, pflops: 0.2 }]',
        `quota:
      - { pool: pool-cut, cluster: ⟦quota_two_places⟧closed, slice: 3g, pflops: 0.1 }
      - { slice: ⟦quota_slice_alone⟧3g, pflops: 0.1 }
      - { cluster: ⟦quota_cluster⟧open, pflops: 0.1 }
      - { cluster: ⟦unknown_id⟧opened, pflops: 0.1 }
      - { cluster: closed, pflops: 0.1 }`,
      ],
    ],
  ],
  [
    'a quota on a cluster that is not cleared',
    [
      [
        'estate.yaml',
        'data_classes: [general, important] }',
        `data_classes: [general, important] }
  - { id: vault, site: north, context: vault, kueue: { enabled: true }, jurisdiction: jiangxi, data_classes: [important] }`,
      ],
      [
        'estate.yaml',
        'namespaces: [ns-two], data_class: general }',
        'namespaces: [ns-two], data_class: general, quota: [{ cluster: ⟦data_class⟧vault, pflops: 0.2 }] }',
      ],
    ],
  ],
  [
    'borrowing without a group',
    [
      [
        'estate.yaml',
        'quota: [{ pool: pool-one, pflops: 1 }]',
        'borrow_pflops: ⟦borrow_alone⟧0.5, quota: [{ pool: pool-one, pflops: 1 }]',
      ],
    ],
  ],
  [
    'a pool renamed from itself, and two clusters renamed from one',
    [
      ['estate.yaml', 'cluster: open\n', 'cluster: open\n    moved_from: ⟦moved_from_used⟧pool-one\n'],
      ['estate.yaml', 'data_classes: [general] }', 'data_classes: [general], moved_from: old }'],
      [
        'estate.yaml',
        'data_classes: [general, important] }',
        'data_classes: [general, important], moved_from: ⟦duplicate⟧old }',
      ],
    ],
  ],
  [
    'less security without a reason',
    [['estate.yaml', 'cluster: open\n', 'cluster: open\n    pod_security: ⟦pod_security_reason⟧{ level: baseline }\n']],
  ],
  [
    'important data beside privileged pods',
    [
      ['estate.yaml', 'data_classes: [general] }', 'data_classes: [important] }'],
      [
        'estate.yaml',
        'cluster: open\n',
        'cluster: open\n    pod_security: { level: privileged, reason: { zh: 甲, en: A } }\n',
      ],
      [
        'estate.yaml',
        'data_class: general, quota: [{ pool: pool-one',
        'data_class: important, quota: [{ pool: pool-cut, slice: 1g, pflops: 0.05 }, { pool: ⟦privileged_class⟧pool-one',
      ],
    ],
  ],
  [
    'two classes of data in turns on one card',
    [
      ['estate.yaml', 'data_classes: [general] }', 'data_classes: [general, important] }'],
      ['estate.yaml', 'cluster: open\n', 'cluster: open\n    sharing: { by: time-slicing, replicas: 4 }\n'],
      [
        'estate.yaml',
        'namespaces: [ns-two], data_class: general }',
        'namespaces: [ns-two], data_class: important, quota: [{ pool: ⟦shared_class⟧pool-one, pflops: 1 }] }',
      ],
    ],
  ],
  [
    'nodes of two pools, by a stricter selector and by name',
    [
      [
        'estate.yaml',
        'tenants:\n',
        `  - { id: stricter, cluster: open, accelerator: chip-one, count: 1, nodes: ⟦nodes_overlap⟧{ selector: { rack: b, pool: one } } }
  - { id: another-rack, cluster: open, accelerator: chip-one, count: 1, nodes: { selector: { rack: c } } }
  - { id: elsewhere, cluster: closed, accelerator: chip-one, count: 1, nodes: { selector: { pool: one } } }
  - { id: named, cluster: open, accelerator: chip-one, count: 1, valid_to: 2026-01-01T00:00:00Z, nodes: { names: [n1, n2] } }
  - { id: later, cluster: open, accelerator: chip-one, count: 1, valid_from: 2026-01-01T00:00:00Z, nodes: { names: [n2] } }
  - { id: named-too, cluster: open, accelerator: chip-one, count: 1, nodes: ⟦nodes_overlap⟧{ names: [n2, n3] } }
tenants:
`,
      ],
    ],
  ],
  [
    'a node that stands twice in one pool',
    [
      [
        'estate.yaml',
        'tenants:\n',
        `  - { id: doubled, cluster: open, accelerator: chip-one, count: 1, nodes: { names: [n7, n8, ⟦node_twice⟧n7] } }
tenants:
`,
      ],
    ],
  ],
  [
    'a password in the address of the state',
    [
      [
        'estate.yaml',
        'tenants:\n',
        `state: { backend: http, url: ⟦url_secret⟧"https://user:pw@state.example/greenflops" }
tenants:
`,
      ],
    ],
  ],
  [
    'a user in the address of an S3 server',
    [
      [
        'estate.yaml',
        'tenants:\n',
        `state: { backend: s3, bucket: b, region: r, endpoint: ⟦url_secret⟧"https://user@s3.example" }
tenants:
`,
      ],
    ],
  ],
  [
    'whole cards and HAMi parts of cards under one name',
    [
      [
        'accelerators.yaml',
        'share: [3, 7] } }\n    resources: { plugin: example.com/chip }',
        'share: [3, 7] } }\n    resources: { plugin: example.com/chip, hami: example.com/chip }',
      ],
      [
        'estate.yaml',
        'tenants:\n',
        `  - { id: parts, cluster: open, accelerator: ⟦mixed_sharing⟧chip-one, count: 1, nodes: { names: [n9] }, sharing: { by: hami } }
  - { id: parts-elsewhere, cluster: closed, accelerator: chip-one, count: 1, nodes: { names: [n9] }, sharing: { by: hami } }
tenants:
`,
      ],
    ],
  ],
  [
    'a quota on a slice that is not named, not offered, or of a whole card',
    [
      [
        'estate.yaml',
        'tenants:\n',
        `  - { id: cut, cluster: open, accelerator: chip-one, count: 2, nodes: { names: [n1] }, sharing: { by: slices, slices: { 1g: 14 } } }
tenants:
`,
      ],
      [
        'estate.yaml',
        'quota: [{ pool: pool-one, pflops: 1 }]',
        'quota: [{ pool: pool-one, slice: ⟦slice_of_whole⟧1g, pflops: 1 }, ⟦slice_missing⟧{ pool: cut, pflops: 0.1 }, { pool: cut, slice: ⟦slice_not_offered⟧3g, pflops: 0.2 }]',
      ],
    ],
  ],
  [
    'slices that the model has not, and more than the cards are cut into',
    [
      [
        'estate.yaml',
        'tenants:\n',
        `  - { id: stranger, cluster: open, accelerator: chip-one, count: 2, nodes: { names: [n1] }, sharing: { by: slices, slices: { ⟦slice_unknown⟧2g: 1 } } }
  - { id: exact, cluster: open, accelerator: chip-one, count: 2, nodes: { names: [n2] }, sharing: { by: slices, slices: { 1g: 14 } } }
  - { id: too-many, cluster: open, accelerator: chip-one, count: 2, nodes: { names: [n3] }, sharing: { by: slices, slices: ⟦slices_exceed⟧{ 1g: 15 } } }
tenants:
`,
      ],
    ],
  ],
  [
    'a pool that is promised twice',
    [
      [
        'estate.yaml',
        'namespaces: [ns-two], data_class: general }',
        'namespaces: [ns-two], data_class: general, quota: [{ pool: pool-one, pflops: ⟦over_committed⟧1.8 }] }',
      ],
    ],
  ],
  [
    'more slices than there are, by number',
    [
      ['estate.yaml', 'cluster: open\n', 'cluster: open\n    sharing: { by: slices, slices: { 3g: 3 } }\n'],
      [
        'estate.yaml',
        'quota: [{ pool: pool-one, pflops: 1 }]',
        'quota: [{ pool: pool-one, slice: 3g, pflops: ⟦over_committed⟧0.52 }]',
      ],
    ],
  ],
  [
    'members who run the cluster',
    [
      [
        'estate.yaml',
        'data_class: general, quota: [{ pool: pool-one',
        'data_class: general, members: [⟦member_role⟧"greenflops:auditors"], quota: [{ pool: pool-one',
      ],
    ],
  ],
  [
    'members of a tenant above',
    [
      [
        'estate.yaml',
        'namespaces: [ns-two], data_class: general }',
        'namespaces: [ns-two], data_class: important, members: [two, ⟦member_class⟧"greenflops:tenant:tenant-one"] }',
      ],
    ],
  ],

  // data on its way
  [
    'important data on a cluster of another province',
    [
      [
        'estate.yaml',
        'jurisdiction: jiangxi, owner: tenant-one, clusters: [closed]',
        'jurisdiction: hubei, owner: tenant-one, clusters: [⟦jurisdiction⟧closed]',
      ],
    ],
  ],
  [
    'a reader that is on no cluster with the data, and one that nobody knows',
    [
      [
        'estate.yaml',
        'owner: tenant-one, clusters: [closed] }',
        'owner: bureau, clusters: [closed], readers: [⟦no_common_cluster⟧tenant-one, ⟦unknown_id⟧tenant-too] }',
      ],
    ],
  ],
  [
    'important data for a general tenant',
    [
      [
        'estate.yaml',
        'owner: tenant-one, clusters: [closed] }',
        'owner: bureau, clusters: [closed], readers: [⟦flow_class⟧tenant-two] }',
      ],
    ],
  ],
  [
    'important data that a tenant sends on, out of the province, lower, and to nobody',
    [
      [
        'estate.yaml',
        'owner: tenant-one, clusters: [closed] }',
        'owner: bureau, clusters: [closed], readers: [tenant-two] }',
      ],
      [
        'estate.yaml',
        'namespaces: [ns-two], data_class: general }',
        `namespaces: [ns-two], data_class: important, egress: [
      { tenant: ⟦flow_class⟧tenant-one, ports: [443] },
      { tenant: ⟦unknown_id⟧tenant-too, ports: [443] },
      { cidr: 10.8.0.0/24, ports: [443], data_class: important, jurisdiction: ⟦flow_jurisdiction⟧hubei, reason: { zh: 甲, en: A } },
      { cidr: 10.9.0.0/24, ports: [443], data_class: ⟦flow_class⟧general, jurisdiction: jiangxi, reason: { zh: 甲, en: A } },
      { cidr: 10.10.0.0/24, ports: [443], data_class: core, jurisdiction: jiangxi, reason: { zh: 甲, en: A } }] }`,
      ],
    ],
  ],
  [
    'an address that is no network',
    [
      [
        'estate.yaml',
        'namespaces: [ns-two], data_class: general }',
        'namespaces: [ns-two], data_class: general, egress: [{ cidr: ⟦cidr⟧10.8.0.0, ports: [443], data_class: general, jurisdiction: jiangxi, reason: { zh: 甲, en: A } }] }',
      ],
    ],
  ],
  [
    'addresses that Kubernetes does not take as a network',
    [
      [
        'estate.yaml',
        'namespaces: [ns-two], data_class: general }',
        `namespaces: [ns-two], data_class: general, egress: [
      { cidr: ⟦cidr_host⟧10.8.0.7/24, ports: [443], data_class: general, jurisdiction: jiangxi, reason: { zh: 甲, en: A } },
      { cidr: ⟦cidr_host⟧"2001:db8::1/64", ports: [443], data_class: general, jurisdiction: jiangxi, reason: { zh: 甲, en: A } },
      { cidr: ⟦cidr_mapped⟧"::ffff:10.0.0.0/104", ports: [443], data_class: general, jurisdiction: jiangxi, reason: { zh: 甲, en: A } },
      { cidr: "2001:db8:1::/48", ports: [443], data_class: general, jurisdiction: jiangxi, reason: { zh: 甲, en: A } }] }`,
      ],
    ],
  ],
  [
    'addresses of two classes, under two laws, and a part of them that says what the whole says',
    [
      [
        'estate.yaml',
        'namespaces: [ns-two], data_class: general }',
        `namespaces: [ns-two], data_class: general, egress: [
      { cidr: ⟦cidr_clash⟧10.7.0.128/25, ports: [443], data_class: important, jurisdiction: hubei, reason: { zh: 甲, en: A } },
      { cidr: 10.7.0.128/26, ports: [443], data_class: important, jurisdiction: hubei, reason: { zh: 甲, en: A } },
      { cidr: 10.7.0.0/25, ports: [443], data_class: general, jurisdiction: hubei, reason: { zh: 甲, en: A } },
      { cidr: 10.7.1.0/24, ports: [443], data_class: general, jurisdiction: jiangxi, reason: { zh: 甲, en: A } },
      { cidr: "8000::/1", ports: [443], data_class: general, jurisdiction: jiangxi, reason: { zh: 甲, en: A } },
      { cidr: ⟦cidr_clash⟧10.7.1.0/24, ports: [443], data_class: general, jurisdiction: hubei, reason: { zh: 甲, en: A } }] }`,
      ],
    ],
  ],
  [
    'the whole internet, cleared for important data',
    [
      [
        'estate.yaml',
        'namespaces: [ns-two], data_class: general }',
        `namespaces: [ns-two], data_class: important, egress: [
      { cidr: ⟦cidr_wide⟧12.0.0.0/7, ports: [443], data_class: important, jurisdiction: jiangxi, reason: { zh: 甲, en: A } },
      { cidr: 11.0.0.0/8, ports: [443], data_class: important, jurisdiction: jiangxi, reason: { zh: 甲, en: A } },
      { cidr: ⟦cidr_wide⟧"2000::/3", ports: [443], data_class: core, jurisdiction: jiangxi, reason: { zh: 甲, en: A } }] }`,
      ],
    ],
  ],
  [
    'labels and taints that Kubernetes does not take',
    [
      [
        'estate.yaml',
        'tenants:\n',
        `  - { id: odd, cluster: open, accelerator: chip-one, count: 1, nodes: { selector: { ⟦label_key⟧"bad key!": one, chip: ⟦label_value⟧昇腾, a.b/c: "" } } }
  - { id: tainted, cluster: open, accelerator: chip-one, count: 1, nodes: { names: [n4] }, taints: [{ key: ⟦label_key⟧a/b/c, effect: NoExecute }, { key: npu, value: ⟦label_value⟧"-x", effect: NoExecute }] }
tenants:
`,
      ],
    ],
  ],
  [
    "a taint twice, and the pool's own once more",
    [
      [
        'estate.yaml',
        'tenants:\n',
        `  - { id: tainted, cluster: open, accelerator: chip-one, count: 1, nodes: { names: [n4] }, taints: [{ key: npu, effect: NoExecute }, { key: npu, effect: NoSchedule }, ⟦taint_twice⟧{ key: npu, value: b, effect: NoExecute }, ⟦taint_twice⟧{ key: greenflops.io/pool, effect: NoSchedule }] }
  - { id: open-pool, cluster: open, accelerator: chip-one, count: 1, nodes: { names: [n5] }, dedicated: false, taints: [{ key: greenflops.io/pool, effect: NoSchedule }] }
tenants:
`,
      ],
    ],
  ],
  [
    'groups of Kubernetes itself',
    [
      ['estate.yaml', 'members: [three]', 'members: [⟦system_group⟧"system:authenticated", three]'],
      [
        'estate.yaml',
        'access: { operators: [three] }',
        'access: { operators: [three, ⟦system_group⟧"system:unauthenticated"], auditors: [⟦system_group⟧"system:nodes"], clearance: { important: [⟦system_group⟧"system:serviceaccounts"], core: [⟦system_group⟧"system:masters"] } }',
      ],
    ],
  ],
  [
    'a name that no annotation holds',
    [
      [
        'estate.yaml',
        'cluster: open\n',
        `cluster: open\n    name: { zh: ⟦wrong_length⟧${'池'.repeat(257)}, en: ${'p'.repeat(256)} }\n`,
      ],
    ],
  ],
  ['a pool without a peak', [['estate.yaml', 'accelerator: chip-one', 'accelerator: ⟦no_peak⟧chip-two']]],
  [
    'months that miss the year',
    [['profiles.yaml', 'monthly_allowance: [1.2,', 'monthly_allowance: ⟦allowance_mean⟧[1.3,']],
  ],
  [
    'a task that its policy does not know',
    [
      [
        'jiangxi-2030.yaml',
        '  - id: policy-one',
        '  - id: policy-two\n    name: { zh: 政策, en: Policy }\n    measure: measure-2\n    budget_cny: null\n    supports: [⟦one_sided⟧task-one]\n  - id: policy-one',
      ],
    ],
  ],
  [
    'between without an upper bound',
    [
      ['jiangxi-2030.yaml', '    upper: 3\n', ''],
      ['jiangxi-2030.yaml', '  - id: bases', '  - ⟦bounds⟧id: bases'],
    ],
  ],
  [
    'a baseline after its target',
    [['jiangxi-2030.yaml', 'value: 1155, date: 2025-12-31', 'value: 1155, date: ⟦baseline_late⟧2031-01-01']],
  ],
  [
    'several faults in several files, an entry with a fault of its own among them',
    [
      ['jiangxi-2030.yaml', 'milestone: "2030"\n    baseline', 'milestone: ⟦unknown_id⟧"2031"\n    baseline'],
      ['estate.yaml', 'rated_kw: 900', 'rated_kw: ⟦out_of_range⟧0'],
      ['estate.yaml', 'carrier: gas', 'carrier: gas\n    hall: ⟦other_site⟧hall-one'],
      ['estate.yaml', 'family: exporter', 'family: ⟦unknown_id⟧exporters'],
      ['profiles.yaml', 'pue: 1.25', 'pue: ⟦out_of_range⟧0.9'],
      ['registers.yaml', 'register: labelling', 'register: ⟦unknown_id⟧labeling'],
    ],
  ],
];
