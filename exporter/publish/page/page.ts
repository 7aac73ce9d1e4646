import { languages, type Language, type Text } from '../../../model/text.ts';
import type { Status } from '../status.ts';
import { time } from '../status/figure.ts';
import { say } from '../status/say.ts';
import { html, nothing, type Html } from './html.ts';
import { labels } from './labels.ts';
import { planSection } from './plan-section.ts';
import { siteSection } from './site-section.ts';

const isLanguage = (tag: string): tag is Language => languages.some((language) => language === tag);

/** zh where nobody says otherwise: `?lang=` first, then Accept-Language by its q. */
export function chooseLanguage(asked: unknown, acceptLanguage: string | undefined): Language {
  if (typeof asked === 'string' && isLanguage(asked)) return asked;
  const wanted = (acceptLanguage ?? '').split(',').map((element) => {
    const [tag = '', q = 'q=1'] = element
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return { tag: tag.split('-')[0] ?? '', q: Number(q.replace('q=', '')) };
  });
  const known = wanted.filter(({ tag, q }) => isLanguage(tag) && q > 0).toSorted((a, b) => b.q - a.q)[0]?.tag;
  return known !== undefined && isLanguage(known) ? known : 'zh';
}

function attention(status: Status, t: (text: Text) => string): Html {
  if (status.warnings.length === 0) {
    const { sources } = status;
    const calm = sources === 0 ? labels.no_sources : say(labels.all_well, { count: String(sources) });
    return html`<p class="calm">${t(calm)}</p>`;
  }
  return html`<section class="attention" aria-labelledby="attention">
    <h2 id="attention">${t(labels.attention)}</h2>
    <ul>
      ${status.warnings.map((text) => html`<li>${t(text)}</li>`)}
    </ul>
  </section>`;
}

function content(status: Status, language: Language): Html {
  const t = (text: Text): string => text[language];
  const { at, now, ledger, version, planHash } = status;
  return html`<p class="updated">
      ${t(say(labels.updated, { at: time(at, now) }))}${
        status.demo ? html` · <span class="badge">${t(labels.demo)}</span> ${t(labels.demo_note)}` : nothing
      }
    </p>
    <h1>${t(status.headline ?? status.name)}</h1>
    ${attention(status, t)} ${status.sites.map((site) => siteSection(site, t))} ${planSection(status, t)}
    <section aria-labelledby="operation">
      <h2 id="operation">${t(labels.operation)}</h2>
      <p>${t(ledger.text)}</p>
      <p class="note">
        <a href="/metrics">${t(labels.metrics)}</a> · <a href="/api/v1/status">${t(labels.api)}</a> ·
        <a href="/api/v1/openapi.json">${t(labels.openapi)}</a>${
          version === null
            ? nothing
            : html` · ${t(say(labels.version, { version, hash: (planHash ?? '').slice(0, 12) }))}`
        }
      </p>
    </section>`;
}

/** The whole page in one language. It needs no script: page.js only puts a newer <main> in the place of the old one. */
export function page(status: Status | null, language: Language): string {
  const t = (text: Text): string => text[language];
  const other = language === 'zh' ? 'en' : 'zh';
  return html`<!doctype html>
    <html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${t(labels.title)}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/page.css" />
        <script type="module" src="/page.js"></script>
      </head>
      <body>
        <header>
          <strong>${t(labels.title)}</strong>
          <a href="/?lang=${other}" lang="${other}" hreflang="${other}">${t(labels.language)}</a>
        </header>
        <p id="lost" role="status" hidden>${t(labels.lost)}</p>
        <main>${status === null ? html`<p>${t(labels.waiting)}</p>` : content(status, language)}</main>
      </body>
    </html> `.text;
}
