
"use strict";
(() => {
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const by = (id) => document.getElementById(id);
  const bar = by("bar"), search = by("q"), said = by("said"), family = by("fam"), state = by("state"), text = by("text"), keys = by("keys");
  const texts = all(".t").map((section) => ({
    section,
    items: all(".f", section).map((element) => ({
      element,
      severity: element.classList[1],
      family: element.dataset.f,
      state: element.dataset.s,
    })),
  }));
  const count = texts.reduce((sum, one) => sum + one.items.length, 0);
  document.documentElement.classList.add("js");
  bar.hidden = false;
  for (const { section } of texts) {
    const option = document.createElement("option");
    option.value = section.id;
    option.textContent = section.querySelector("h3 bdi").textContent.slice(0, 80);
    text.append(option);
  }

  const number = (value) => value.toLocaleString("en");
  // What is searched is read once, when it is first asked for: a page of thousands of findings opens no slower for it.
  const words = (item) => (item.words ??= item.element.textContent.toLowerCase());
  const heading = (one) => (one.words ??= all("h3 bdi, .sub .path", one.section).map((e) => e.textContent).join(" ").toLowerCase());

  function filter() {
    const loud = new Set(all("input[name=s]:checked", bar).map((box) => box.value));
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const filtered = wanted.length > 0 || loud.size < 3 || family.value || state.value || text.value;
    let shown = 0;
    for (const one of texts) {
      const here = !text.value || one.section.id === text.value;
      let own = 0;
      for (const item of one.items) {
        const fits = here && loud.has(item.severity) && (!family.value || item.family === family.value) && (!state.value || item.state === state.value)
          && wanted.every((word) => words(item).includes(word) || heading(one).includes(word));
        item.element.hidden = !fits;
        own += fits;
      }
      for (const list of all(".fs", one.section)) {
        list.hidden = !list.querySelector(".f:not([hidden])");
        list.previousElementSibling.hidden = list.hidden;
      }
      const named = here && wanted.length > 0 && loud.size === 3 && !family.value && !state.value && wanted.every((word) => heading(one).includes(word));
      one.section.hidden = filtered ? own === 0 && !named && !(here && text.value) : false;
      one.section.classList.toggle("quiet", Boolean(filtered) && own > 0 && !text.value);
      shown += own;
    }
    by("none").hidden = shown > 0 || count === 0;
    said.textContent = filtered ? `${number(shown)} of ${number(count)}` : `${number(count)} ${count === 1 ? "finding" : "findings"}`;
  }

  function reset() {
    bar.reset();
    filter();
  }

  let waiting;
  bar.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 80);
  });
  bar.addEventListener("change", filter);
  bar.addEventListener("reset", () => setTimeout(filter));
  bar.addEventListener("submit", (event) => event.preventDefault());

  // A link to what is filtered out, or folded away, shows it.
  function follow() {
    const target = location.hash.length > 1 && by(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) reset();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView({ block: "start", behavior: "instant" });
    if (target.classList.contains("f")) target.focus({ preventScroll: true });
  }
  addEventListener("hashchange", follow);

  function step(by) {
    const shown = all(".f:not([hidden])").filter((element) => !element.closest(".t[hidden]"));
    if (shown.length === 0) return;
    const here = document.activeElement.closest(".f");
    let next = shown.indexOf(here) + by;
    if (here === null || shown.indexOf(here) < 0) {
      const below = shown.findIndex((element) => element.getBoundingClientRect().top >= 0);
      next = by > 0 ? Math.max(below, 0) : below < 0 ? shown.length - 1 : below - 1;
    }
    const target = shown[Math.min(Math.max(next, 0), shown.length - 1)];
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest", behavior: "instant" });
    const top = target.getBoundingClientRect().top, room = getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;
    if (top < room) scrollBy({ top: top - room - 8, behavior: "instant" });
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    const typing = event.target.matches("input[type=search], select");
    if (event.key === "Escape" && typing) event.target.blur();
    else if (typing) return;
    else if (event.key === "/") search.focus(), search.select();
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "?") keys.showModal();
    else return;
    event.preventDefault();
  });
  by("help").addEventListener("click", () => keys.showModal());

  // A digest that is shown short is copied whole.
  addEventListener("click", (event) => {
    const digest = event.target.closest?.(".dig");
    if (digest) navigator.clipboard?.writeText(digest.title).then(() => { said.textContent = "digest copied"; }, () => {});
  });

  // What is folded is printed too.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((fold) => { fold.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((fold) => { fold.open = false; }));

  filter();
  follow();
})();
