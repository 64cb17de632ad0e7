// What Gradio has no means for: citations that lead to their mark, dialogs, files dropped anywhere,
// conversations that the browser keeps, a server that is away. It asks for nothing but the page's
// own events and /healthz.
window.articleQA = (() => {
  const $ = (selector) => document.querySelector(selector);
  const TALK = "article-qa-talk", TALKS = "article-qa-talks", DRAFT = "article-qa-draft";
  const PENDING = "article-qa-pending", MOST = 20;
  const read = (store, key) => { try { return JSON.parse(store.getItem(key)); } catch { return null; } };
  const write = (store, key, value) => { try { store.setItem(key, JSON.stringify(value)); } catch { /* full */ } };
  const phone = matchMedia("(max-width: 720px)");

  const type = (selector, text) => {
    const input = $(`${selector} textarea, ${selector} input`);
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  // Gradio takes a text over in its own time.
  const send = (id, text, button) => { type(id, text); setTimeout(() => $(button).click(), 100); };

  // A citation leads to its mark: in the column beside it, or in a sheet that Back closes.
  let wanted = null, from = null;
  const sheet = () => {
    if (!phone.matches || "sheet" in document.body.dataset) return;
    history.pushState({ sheet: true }, "");
    document.body.dataset.sheet = "";
  };
  const back = () => { delete document.body.dataset.sheet; from?.isConnected && from.focus(); };
  const closeSheet = () => history.state?.sheet ? history.back() : back();
  addEventListener("popstate", back);
  const scroll = (box, part, above) => {  // this box alone, not what it stands in
    if (box && part) box.scrollTop += part.getBoundingClientRect().top - box.getBoundingClientRect().top - above;
  };
  const reveal = (mark, focus) => {
    $("#article mark.current")?.classList.remove("current");
    mark.classList.add("current");
    const box = $("#article .scroller");
    scroll(box, mark, box.clientHeight / 3);
    if (focus) mark.focus({ preventScroll: true });
  };
  const follow = (link) => {
    from = link;
    sheet();
    const mark = document.getElementById(link.hash.slice(1));
    if (mark?.closest("#article")) return reveal(mark, true);
    wanted = link.hash.slice(1);
    send("#cited", link.dataset.turn, "#cite");
    setTimeout(() => { wanted = null; }, 5000);  // it did not come
  };

  const open = (id) => { $(`#${id}`).showPopover(); $(`#${id} :is(input, button, textarea)`)?.focus(); };
  const close = () => document.querySelectorAll(".dialog:popover-open").forEach((one) => one.hidePopover());

  const copy = async (button) => {
    const { copy: text, done } = button.dataset, label = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {  // without https there is no clipboard to ask for
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = done;
    setTimeout(() => { button.textContent = label; }, 1500);
  };
  const translate = async (button) => {
    const quote = button.closest(".answer").querySelector("blockquote");
    const { from: sourceLanguage, to: targetLanguage, label } = button.dataset;
    button.disabled = true;
    try {
      const translator = await Translator.create({ sourceLanguage, targetLanguage });
      const text = await translator.translate(quote.textContent);
      const shown = Object.assign(document.createElement("p"), { className: "quiet", textContent: `${label}: ${text}` });
      quote.after(shown);
    } finally { button.hidden = true; }
  };

  const onClick = {
    "a.cite": follow, "button.copy": copy, "button.translate": translate,
    "#question .stop-button": () => finish(),
    "[data-opens]": (button) => open(button.dataset.opens),
    "[data-remove]": (button) => { close(); send("#removed", button.dataset.remove, "#remove"); },
  };
  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(onClick)) {
      const found = event.target instanceof Element && event.target.closest(selector);
      if (found) { event.preventDefault(); act(found); }
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement?.closest("#article-side")) {
      closeSheet();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id !== "page-language") return;
    document.cookie = `article_qa_language=${event.target.value}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  });
  document.addEventListener("input", (event) => {
    if (event.target.closest("#question")) write(sessionStorage, DRAFT, event.target.value);
    if (event.target.closest("#find")) {
      const wanted = event.target.value.trim().toLowerCase();
      document.querySelectorAll("#chosen .wrap label").forEach((label) => {
        label.hidden = !label.textContent.toLowerCase().includes(wanted);
      });
    }
  });

  // Files dropped or pasted anywhere, and long texts pasted outside a field.
  const take = (files) => {
    open("adder");
    const input = $("#file input[type=file]");
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length || event.target.closest("#file")) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    const { files } = event.clipboardData, text = event.clipboardData.getData("text");
    if (files.length && !text) { event.preventDefault(); return take(files); }  // Office copies both
    if (event.target.closest("input, textarea") || text.length < 200) return;
    open("adder");
    type("#pasted", text);
  });

  // A swipe down from the sheet's head closes it.
  let startY = null;
  document.addEventListener("touchstart", (event) => {
    const scroller = event.target.closest("#article-side") && $("#article .scroller");
    startY = scroller && scroller.scrollTop === 0 ? event.touches[0].clientY : null;
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (startY !== null && event.changedTouches[0].clientY - startY > 120 && "sheet" in document.body.dataset) closeSheet();
  });

  // A question that the server, which is away, did not get is sent when it is back.
  let asked = null, latest = "";
  const sayAway = (away) => {
    const line = $("#away");  // drawn with the bar, later than this script
    if (line) line.hidden = !away;
  };
  const finish = () => {
    asked = {};
    sessionStorage.removeItem(PENDING);
    sayAway(false);
  };
  const submit = (question) => {
    const typed = $("#question textarea").value;
    type("#question", question);
    setTimeout(() => {
      $("#question .submit-button").click();
      if (typed && typed !== question) setTimeout(() => type("#question", typed), 300);
    }, 100);
  };
  const watch = (question) => {
    const mine = asked = { before: latest, away: false };
    const look = async () => {
      const up = await fetch("/healthz").then((reply) => reply.ok, () => false);
      if (asked !== mine) return;  // answered, stopped, or another one by now
      sayAway(!up);
      if (up && mine.away) return submit(question);
      if (!up) { mine.away = true; write(sessionStorage, PENDING, question); }
      setTimeout(look, 2000);
    };
    look();
  };

  let messages = 0;
  new MutationObserver(() => {
    document.querySelectorAll(".dialog:not([popover])").forEach((one) => { one.popover = "auto"; });
    $("#chat [role=list]")?.setAttribute("role", "group");  // Gradio's examples are no list items
    const box = $("#question textarea:not([data-known])"), draft = read(sessionStorage, DRAFT);
    if (box) {
      box.dataset.known = "";
      if (draft && !box.value) type("#question", draft);
    }
    const pending = read(sessionStorage, PENDING);  // Gradio loads the page anew when it is back
    if (pending && !asked && $("#bar header")) {
      asked = {};
      const last = read(sessionStorage, TALK)?.kept?.at(-1)?.question;
      if (last && pending.endsWith(last)) finish();  // answered just before the page was loaded
      else setTimeout(() => submit(pending), 500);
    }
    if ("Translator" in self) document.querySelectorAll(".translate[hidden]:not(:disabled)").forEach((one) => { one.hidden = false; });
    const questions = document.querySelectorAll("#chat [data-testid=user]");
    const seen = questions.length + document.querySelectorAll("#chat .answer").length;
    if (seen !== messages) {  // the newest question, and then the top of its answer
      messages = seen;
      scroll($("#chat .bubble-wrap"), questions[questions.length - 1], 8);
    }
    const mark = (wanted && document.getElementById(wanted)) || $("#article mark");
    if (mark && !$("#article mark.current")) {
      reveal(mark, mark.id === wanted);
      wanted = null;
    }
  }).observe(document, { childList: true, subtree: true });

  return {
    close, closeSheet,
    saved: () => read(localStorage, TALKS),
    load: () => [read(sessionStorage, TALK), read(localStorage, TALKS)],
    replace: (talks) => { if (talks) write(localStorage, TALKS, talks); },
    keep: (talk) => {
      if (!talk?.id) return;
      latest = JSON.stringify(talk);
      if (asked && "before" in asked && latest !== asked.before) finish();
      write(sessionStorage, TALK, talk);
      const talks = read(localStorage, TALKS), kept = talks?.user === talk.user ? talks?.kept ?? {} : {};
      if (talk.kept.length) kept[talk.id] = { at: Date.now(), turns: talk.kept };
      const newest = Object.entries(kept).sort((a, b) => b[1].at - a[1].at).slice(0, MOST);
      write(localStorage, TALKS, { user: talk.user, kept: Object.fromEntries(newest) });
    },
    say: (question, messages) => {
      if (!question.trim()) return ["", question, messages, ""];
      sessionStorage.removeItem(DRAFT);
      watch(question);
      const shown = new Option(question).innerHTML;  // as the server writes it
      const again = messages.at(-1)?.role === "user" && messages.at(-1).content[0]?.text === shown;
      const said = { role: "user", content: [{ type: "text", text: shown }] };
      return ["", question, again ? messages : [...messages, said], ""];
    },
    giveBack: (question, messages) => {
      finish();
      write(sessionStorage, DRAFT, question);
      return [question, messages.at(-1)?.role === "user" ? messages.slice(0, -1) : messages];
    },
    added: (status, fields) => {
      if (!status) $("#adder:popover-open")?.hidePopover();
      const left = (value) => typeof value === "string" ? status && value : typeof value === "boolean" ? value : null;
      return fields.map(left);
    },
  };
})();
