// What a page can't do without a script: going from fact to fact by key, and saying that news no longer come. All else works without.
(() => {
  const facts = () => [...document.querySelectorAll("article.fact[id]")];
  const isTyping = target => target.closest("input, select, textarea, button, a, [contenteditable]") && target.tagName !== "A";
  const go = step => {
    const all = facts();
    const at = all.indexOf(document.activeElement?.closest("article.fact"));
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "/") document.querySelector("input[type=search]")?.focus();
    else return;
    event.preventDefault();
  });
  const stale = isStale => document.getElementById("stale")?.toggleAttribute("hidden", !isStale);
  for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(failed, () => stale(true));
  document.addEventListener("htmx:afterRequest", event => { if (event.detail.successful) stale(false); });
  // What nobody sees asks for nothing, and asks at once when it is seen again.
  const polls = "[hx-trigger*=every]";
  document.addEventListener("htmx:beforeRequest", event => {
    if (document.hidden && event.target.matches(polls)) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) for (const one of document.querySelectorAll(polls)) htmx.trigger(one, "seen");
  });
  if (location.hash.startsWith("#fact-")) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.focus();
})();
