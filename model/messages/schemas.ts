import type { Text } from '../text.ts';

/** What a schema refuses. Codes like slug and time are the `error` of the schemas' own formats. */
export const schemas = {
  schema: { zh: '文件第一行应为 schema: greenflops/v1', en: 'the first line must be schema: greenflops/v1' },
  missing: { zh: '缺少这一项；应为 {expected}', en: 'missing; expected {expected}' },
  wrong_type: { zh: '应为 {expected}', en: 'expected {expected}' },
  unknown_key: { zh: '未知的键；可用的键：{known}', en: 'unknown key; known: {known}' },
  not_one_of: { zh: '应为其中之一：{expected}', en: 'expected one of: {expected}' },
  out_of_range: { zh: '应 {limit}', en: 'must be {limit}' },
  wrong_count: { zh: '条目数应 {limit}', en: 'the number of entries must be {limit}' },
  wrong_length: { zh: '文字长度应 {limit}', en: 'the length of the text must be {limit}' },
  slug: {
    zh: '编号只能用小写字母、数字和连字符，首尾不用连字符，最长 63 个字符，如 nc-gate-1',
    en: 'an id is lower-case letters, digits and inner hyphens, at most 63, like nc-gate-1',
  },
  time: {
    zh: '时间要带日期、时刻和时区，如 2026-01-01T00:00:00+08:00',
    en: 'a time carries date, time of day and zone, like 2026-01-01T00:00:00+08:00',
  },
  date: { zh: '日期形如 2026-01-31', en: 'a date reads like 2026-01-31' },
  duration: {
    zh: '时长是整数加单位 ms、s、m 或 h，如 15s',
    en: 'a duration is a whole number and ms, s, m or h, like 15s',
  },
  address: { zh: '地址形如 主机:端口，如 10.1.2.3:502', en: 'an address reads host:port, like 10.1.2.3:502' },
  url: { zh: '地址应以 http://、https:// 或 file:// 开头', en: 'a URL begins with http://, https:// or file://' },
  http_url: { zh: '地址应以 http:// 或 https:// 开头', en: 'a URL begins with http:// or https://' },
  url_secret: {
    zh: '地址中不得有用户名或口令：它会写进每个栈的 JSON。请由后端的环境变量提供（http：TF_HTTP_USERNAME、TF_HTTP_PASSWORD）',
    en: "no user and no password in an address: each stack's JSON would hold them. Give them by the backend's environment variables (http: TF_HTTP_USERNAME, TF_HTTP_PASSWORD)",
  },
  node_url: {
    zh: '地址以 http:// 或 https:// 开头，主机部分含占位符 node（用花括号括起），它代表 nodes.names 中的每一个',
    en: 'a URL begins with http:// or https:// and has node, in braces, in its host: it stands for each of nodes.names',
  },
  driver: {
    zh: 'DRA 驱动名形如域名，如 gpu.nvidia.com',
    en: 'the name of a DRA driver reads like a host name, like gpu.nvidia.com',
  },
  registry: {
    zh: '镜像仓库写作 主机/路径，不带 https:// 和末尾的 /，如 registry.example.cn/jiangxi',
    en: 'a registry reads host/path, without https:// and without a / at its end, like registry.example.cn/jiangxi',
  },
  resource_name: {
    zh: '扩展资源名形如 域名/名称，如 rdma/hca',
    en: 'an extended resource reads domain/name, like rdma/hca',
  },
  cidr: { zh: '网段形如 10.8.0.0/24', en: 'a network reads like 10.8.0.0/24' },
  storage: { zh: '容量是整数加 Mi、Gi 或 Ti，如 10Gi', en: 'a size is a whole number and Mi, Gi or Ti, like 10Gi' },
  fingerprint: {
    zh: '证书指纹是 64 个十六进制字符，可用冒号分隔',
    en: 'a fingerprint is 64 hexadecimal digits, with or without colons',
  },
  oid: { zh: 'OID 形如 1.3.6.1.4.1.318.1.1.26.4.3.1.9.1', en: 'an OID reads like 1.3.6.1.4.1.318.1.1.26.4.3.1.9.1' },
  pointer: {
    zh: 'JSON 指针以 / 开头，如 /PowerWatts/Reading（RFC 6901）',
    en: 'a JSON pointer begins with /, like /PowerWatts/Reading (RFC 6901)',
  },
  resource: { zh: 'Redfish 资源以 /redfish/v1 开头', en: 'a Redfish resource begins with /redfish/v1' },
  identifier: {
    zh: '数据标识是 8 个十六进制字符 DI3..DI0，如 00010000',
    en: 'a data identifier is 8 hexadecimal digits, DI3 to DI0, like 00010000',
  },
  dlt645_address: {
    zh: '电表通信地址是铭牌上的 12 位数字',
    en: "a meter's address is the 12 digits on its plate",
  },
  sha256: { zh: 'sha256 是 64 个小写十六进制字符', en: 'a sha256 is 64 lower-case hexadecimal digits' },
  invalid: { zh: '不合规定：{detail}', en: 'not accepted: {detail}' },
} as const satisfies Record<string, Text>;
