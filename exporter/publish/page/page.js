// Brings a newer <main> onto the page every few seconds. The page is whole without it.

const EVERY_MS = 5000;
const lost = document.getElementById('lost');

/** Changes only what differs, so that focus, selection, scroll positions and what was unfolded stay as they are. */
function become(old, next) {
  if (old.nodeName !== next.nodeName || old.childNodes.length !== next.childNodes.length) {
    old.replaceWith(next);
    return;
  }
  if (old.nodeType === Node.TEXT_NODE && old.data !== next.data) old.data = next.data;
  for (const { name, value } of next.attributes ?? [])
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const children = [...next.childNodes];
  [...old.childNodes].forEach((child, i) => become(child, children[i]));
}

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(EVERY_MS) });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    become(document.querySelector('main'), next.querySelector('main'));
    lost.hidden = true;
  } catch {
    // The figures stay, and the reader is told that they are old.
    lost.hidden = false;
  }
}

setInterval(() => void refresh(), EVERY_MS);
document.addEventListener('visibilitychange', () => void refresh());
