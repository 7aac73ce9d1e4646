import type { Language } from '../../model/text.ts';
import type { ConfigMap } from '../kubernetes.ts';
import { named } from '../labels.ts';
import { exporter } from '../stacks/exporter.ts';
import { configMap } from './config-map.ts';
import { boardFiles } from './generated.ts';

/** Folders of Grafana, in the words of whoever reads the boards in them. */
const FOLDERS: Readonly<Record<Language, string>> = { zh: 'Greenflops 中文', en: 'Greenflops English' };

/**
 * A ConfigMap for each board and language, as Grafana's sidecar looks for them (label grafana_dashboard, annotation
 * grafana_folder: the defaults of its charts). The sidecar must look into every namespace (searchNamespace: ALL).
 */
export const boardMaps = (): ConfigMap[] =>
  boardFiles().map(({ name, language, text }) => {
    const metadata = named(`${name}-${language}`, exporter.namespace, { grafana_folder: FOLDERS[language] });
    // All boards of a folder lie side by side: the file's name says the language too.
    const map = configMap(metadata, { [`${name}-${language}.json`]: text });
    return { ...map, metadata: { ...metadata, labels: { ...metadata.labels, grafana_dashboard: '1' } } };
  });
