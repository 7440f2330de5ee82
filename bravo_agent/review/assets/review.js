// Shortcuts, and nothing else: everything works without them. No key answers anything by itself.
"use strict";
(() => {
  const stops = () => [...document.querySelectorAll("[data-stop]")];
  const here = (all) => all.findIndex((one) => one.contains(document.activeElement));
  const go = (target) => {
    if (!target) return;
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = stops();
    const at = here(all);
    go(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))]);
  };
  const button = (key) => {
    const all = stops();
    const scope = all[here(all)] || document;
    go(scope.querySelector(`[data-key="${key}"]`) || document.querySelector(`[data-key="${key}"]`));
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    a: () => button("a"),
    r: () => button("r"),
    "/": () => go(document.getElementById("filter")),
    "?": () => {
      const help = document.getElementById("keys");
      if (!help) return;
      help.open = !help.open;
      go(help.querySelector("summary"));
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea")) {
      if (event.key === "Escape") go(event.target.closest("[data-stop]") || document.getElementById("main"));
      return;
    }
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
