self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => event.waitUntil(show(event.data.text())));

async function show(text) {
  const { title, body } = JSON.parse(text).notification;
  await self.registration.showNotification(title, { body });
  for (const client of await self.clients.matchAll()) client.postMessage(text);
}
