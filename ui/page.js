// What Gradio has no means for: citations that lead to their mark, copying, two tabs on a phone,
// the choice of a language. It asks for nothing but the page's own events.
(() => {
  const panel = () => document.getElementById("article");

  // Scroll only the panel: on a phone the page stays at the answer.
  const reveal = (mark, focus) => {
    const box = mark.closest("#article");
    if (!box) return;
    box.querySelectorAll("mark.current").forEach((other) => other.classList.remove("current"));
    mark.classList.add("current");
    const scroller = box.querySelector(".scroller") || box;
    scroller.scrollTop +=
      mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientHeight / 3;
    if (focus) mark.focus({ preventScroll: true });
  };

  const type = (id, text) => {
    const input = document.querySelector(`#${id} textarea, #${id} input`);
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // The citation that was followed, while its article is asked for; and where to go back to.
  let wanted = null, from = null;

  const side = (name) => {
    document.body.dataset.side = name;
    document.querySelectorAll("#tabs [role=tab]").forEach((tab) => {
      const chosen = tab.dataset.side === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    });
  };

  const follow = (link) => {
    from = link;
    tip(null);
    side("article");
    const mark = document.getElementById(link.hash.slice(1));
    if (mark && panel().contains(mark)) return reveal(mark, true);
    wanted = link.hash.slice(1);
    type("cited", link.dataset.turn);
    // Gradio takes the text over in its own time.
    setTimeout(() => document.getElementById("cite").click(), 100);
    setTimeout(() => { wanted = null; }, 5000);  // it did not come
  };

  const copy = async (button) => {
    const text = button.dataset.copy;
    const label = button.dataset.label ??= button.textContent;
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
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 1500);
  };

  // The quote of a citation, beside it while the pointer or the focus is there.
  const tip = (link) => {
    document.getElementById("quote")?.remove();
    if (!link) return;
    const box = Object.assign(document.createElement("div"), {
      id: "quote", role: "tooltip", dir: "auto", textContent: link.dataset.quote,
    });
    document.body.append(box);
    const at = link.getBoundingClientRect(), { offsetWidth: width, offsetHeight: height } = box;
    const left = Math.min(Math.max(8, at.left - width / 2), innerWidth - width - 8);
    const above = at.top - height - 6;
    Object.assign(box.style, { left: `${left}px`, top: `${above > 8 ? above : at.bottom + 6}px` });
  };
  for (const [kind, show] of [["mouseover", true], ["focusin", true], ["mouseout", false],
                              ["focusout", false]]) {
    document.addEventListener(kind, (event) => {
      const link = event.target instanceof Element ? event.target.closest("a.cite") : null;
      if (link) tip(show ? link : null);
    });
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest("a.cite"), button = target?.closest("button.copy");
    const tab = target?.closest("#tabs [role=tab]");
    if (link) { event.preventDefault(); follow(link); }
    if (button) copy(button);
    if (tab) side(tab.dataset.side);
  });

  document.addEventListener("keydown", (event) => {
    const active = document.activeElement;
    if (event.key === "Escape" && from?.isConnected && active?.closest("#article")) {
      side("chat");
      from.focus();
    }
    if (active?.matches("#tabs [role=tab]") && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
      const other = document.querySelector("#tabs [role=tab]:not([aria-selected=true])");
      side(other.dataset.side);
      other.focus();
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.id !== "page-language") return;
    document.cookie = `article_qa_language=${event.target.value}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  });

  new MutationObserver((changes) => {
    // The head is made anew with the articles: its tabs must tell which side is shown.
    if (document.querySelector("#tabs:not([data-known])")) {
      document.getElementById("tabs").dataset.known = "";
      side(document.body.dataset.side ?? "chat");
    }
    const box = panel();
    if (!box || !changes.some((change) => box.contains(change.target))) return;
    requestAnimationFrame(() => {
      const asked = wanted && document.getElementById(wanted);
      const mark = asked || box.querySelector("mark");
      if (mark && !mark.classList.contains("current") && !box.querySelector("mark.current")) {
        reveal(mark, Boolean(asked));
        wanted = null;
      }
    });
  }).observe(document, { childList: true, subtree: true });
})();
