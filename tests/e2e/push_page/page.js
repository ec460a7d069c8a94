// What each push said, as the service worker tells it.
const messages = [];
navigator.serviceWorker.addEventListener("message", (event) => messages.push(event.data));
navigator.serviceWorker.register("sw.js");

async function subscribe(applicationServerKey) {
  const registration = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey };
  return (await registration.pushManager.subscribe(options)).toJSON();
}

// Also takes down what was shown.
async function unsubscribe() {
  const registration = await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.getSubscription();
  for (const shown of await registration.getNotifications()) shown.close();
  return subscription ? subscription.unsubscribe() : false;
}
