// The shell of the portal without a network. It keeps the page and the scripts of the field, and nothing of what the
// server says: that lies encrypted in the person's own vault. Put together with the list of a build by scripts/shell.ts.
const VERSION = '__VERSION__'
const FILES = __FILES__
const SHELL = `anlan-shell-${VERSION}`
/** So long a page from the network is waited for, in milliseconds. */
const PATIENCE = 3000

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL)
    await cache.addAll(FILES.map((file) => new Request(file, { cache: file.startsWith('/assets/') ? 'default' : 'reload' })))
    await self.skipWaiting()
  })())
})

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith('anlan-shell-') && name !== SHELL) await caches.delete(name)
    await self.clients.claim()
  })())
})

/** The page from the network while that is quick, else as it was kept. */
async function page(request) {
  const kept = await caches.match('/', { cacheName: SHELL })
  if (!kept) return fetch(request)
  try {
    const answer = await Promise.race([fetch(request), new Promise((_, refuse) => setTimeout(refuse, PATIENCE))])
    return answer.status >= 500 ? kept : answer
  } catch {
    return kept
  }
}

async function asset(request) {
  const kept = await caches.match(request, { ignoreVary: true })
  if (kept) return kept
  const answer = await fetch(request)
  // Named by what is in it, so it never changes; pages that were opened once open again without a network.
  if (answer.ok) {
    const cache = await caches.open(SHELL)
    void cache.put(request, answer.clone()).catch(() => {})
  }
  return answer
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api/')) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (url.pathname.startsWith('/assets/') || FILES.includes(url.pathname)) event.respondWith(asset(request))
})
