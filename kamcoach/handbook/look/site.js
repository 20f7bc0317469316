"use strict";
// Language and search of the handbook. Opened as a file, a page may load scripts and nothing else, and some browsers keep no memory
// from page to page: so the search index is a script, and links carry the language that was chosen.
(() => {
  const root = document.documentElement;
  const up = document.currentScript.dataset.up;
  const languages = ["en", "zh", "both"];
  const words = {
    en: { none: "Nothing found.", more: "more: type another word" },
    zh: { none: "没有找到。", more: "条未列出，再输一个词试试" },
  };
  const kinds = {
    rules: ["rule", "规则"], plays: ["play", "打法"], facts: ["fact", "事实"], values: ["value", "取值"], categories: ["category", "分类"],
    thresholds: ["threshold", "阈值"], "deal-checks": ["deal check", "商机检查"], checks: ["check", "检查"], commands: ["command", "命令"],
  };
  const MOST = 40;
  let chosen = asked();

  function asked() {
    const inAddress = new URLSearchParams(location.search).get("lang");
    let kept = null;
    try { kept = localStorage.getItem("kamcoach-lang"); } catch { /* no memory for files in this browser */ }
    return languages.find((one) => one === inAddress) || languages.find((one) => one === kept) || "";
  }

  function language() {
    return chosen || (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
  }

  function show() {
    root.dataset.lang = language();
    root.lang = language() === "zh" ? "zh-Hans" : "en";
    for (const one of document.querySelectorAll("[data-set]")) one.setAttribute("aria-pressed", String(one.dataset.set === language()));
    if (chosen) for (const link of document.querySelectorAll("a[href]")) link.setAttribute("href", carried(link.getAttribute("href")));
  }

  function carried(address) {
    if (!chosen || address.startsWith("#")) return address;
    const [, page, anchor] = /^([^?#]*)(?:\?[^#]*)?(#.*)?$/.exec(address);
    return `${page}?lang=${chosen}${anchor || ""}`;
  }

  function choose(one) {
    chosen = one;
    try { localStorage.setItem("kamcoach-lang", one); } catch { /* the address carries it */ }
    try { history.replaceState(null, "", carried(location.pathname.split("/").pop()) + location.hash); } catch { /* not allowed for files */ }
    show();
  }

  // ── search ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  let loading = null;
  function index() {
    loading ||= new Promise((done) => {
      const script = document.createElement("script");
      script.src = `${up}search-index.js`;
      script.onload = () => done(window.handbookIndex.map((row) => ({ row, head: row.slice(2, 5).join("\n").toLowerCase(), all: row.slice(2).join("\n").toLowerCase() })));
      script.onerror = () => done([]);
      document.head.append(script);
    });
    return loading;
  }

  function score(entry, wanted) {
    let sum = 0;
    for (const word of wanted) {
      if (!entry.all.includes(word)) return 0;
      const place = entry.head.indexOf(word);
      sum += place < 0 ? 1 : 4 + (/^$|[\s\-_.]/.test(entry.head.charAt(place - 1)) ? 4 : 0);
    }
    return sum + (entry.row[2] === wanted.join("-") ? 20 : 0) + ({ rules: 2, plays: 1 }[entry.row[0]] || 0);
  }

  async function search(box, list) {
    const wanted = box.value.toLowerCase().split(/[\s,，、]+/).filter(Boolean);
    if (!wanted.length) return close(box, list);
    const entries = await index();
    const scored = entries.map((entry) => [score(entry, wanted), entry]).filter(([points]) => points > 0);
    scored.sort((a, b) => b[0] - a[0]);
    list.replaceChildren(...scored.slice(0, MOST).map(([, entry], place) => item(entry.row, place, wanted)));
    if (scored.length !== 0 && scored.length > MOST) list.append(note(`${scored.length - MOST} ${told().more}`));
    if (!scored.length) list.append(note(told().none));
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    select(box, list, 0);
  }

  const told = () => words[language() === "zh" ? "zh" : "en"];

  function item([kind, address, name, en, zh, textEn, textZh], place, wanted) {
    const li = document.createElement("li");
    const link = document.createElement("a");
    const chinese = language() === "zh";
    link.href = up + carried(address);
    li.id = `found-${place}`;
    li.setAttribute("role", "option");
    link.tabIndex = -1;
    const title = language() === "both" && en !== zh ? `${en} · ${zh}` : (chinese ? zh || en : en || zh) || name;
    link.append(part("kind", (kinds[kind] || [kind, kind])[chinese ? 1 : 0]), title, part("more", `${name}${excerpt(chinese ? textZh : textEn, wanted)}`));
    li.append(link);
    return li;
  }

  function excerpt(text, wanted) {
    const place = Math.min(...wanted.map((word) => text.toLowerCase().indexOf(word)).filter((at) => at >= 0));
    if (!Number.isFinite(place)) return "";
    const from = Math.max(0, place - 30);
    return ` — ${from ? "…" : ""}${text.slice(from, place + 70)}…`;
  }

  function part(name, text) {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = text;
    return span;
  }

  function note(text) {
    const li = document.createElement("li");
    li.className = "none";
    li.textContent = text;
    return li;
  }

  function close(box, list) {
    list.hidden = true;
    list.replaceChildren();
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function select(box, list, place) {
    const options = [...list.querySelectorAll("[role=option]")];
    options.forEach((one, at) => one.setAttribute("aria-selected", String(at === place)));
    if (options[place]) {
      options[place].scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", options[place].id);
    }
  }

  function pressed(event, box, list) {
    const options = [...list.querySelectorAll("[role=option]")];
    const now = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (options.length) select(box, list, (now + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (options[now]) location.href = options[now].querySelector("a").href;
    } else if (event.key === "Escape") {
      close(box, list);
      box.blur();
    }
  }

  root.classList.add("script");
  show();
  document.addEventListener("DOMContentLoaded", () => {
    show();
    const box = document.getElementById("search");
    const list = document.getElementById("found");
    for (const one of document.querySelectorAll("[data-set]")) one.addEventListener("click", () => choose(one.dataset.set));
    box.addEventListener("focus", index);
    box.addEventListener("input", () => search(box, list));
    box.addEventListener("keydown", (event) => pressed(event, box, list));
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); box.focus(); }
    });
    document.addEventListener("click", (event) => { if (!event.target.closest(".search")) close(box, list); });
  });
})();
