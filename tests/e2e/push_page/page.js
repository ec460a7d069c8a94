// What each push said, as the service worker tells it.
const messages = [];
navigator.serviceWorker.addEventListener("message", (event) => messages.push(event.data));
navigator.serviceWorker.register("sw.js");

async function subscribe(applicationServerKey) {
  const registration = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey };
  return (await registration.pushManager.subscribe(options)).toJSON();
}

async function unsubscribe() {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.pushManager.getSubscription()).unsubscribe();
}
