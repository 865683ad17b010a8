// Asks for what it stands in again and again, as long as it is shown: work beside the page may be done by then.
const EVERY = 400; // milliseconds

export default function (component) {
  const timer = setInterval(() => component.setTriggerValue("again", true), EVERY);
  return () => clearInterval(timer);
}
