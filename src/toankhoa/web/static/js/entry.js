// The form of a return: Enter goes on, Ctrl+Enter sends, and what could not be read stays until it is mended.
(() => {
  const form = document.querySelector("#entry");
  const send = document.querySelector("#send");
  const boxes = () => [...form.querySelectorAll(".typed input, .typed select")];

  form.addEventListener("keydown", (e) => {
    const place = e.key === "Enter" ? boxes().indexOf(e.target) : -1;
    if (place < 0) return;
    e.preventDefault();
    if (e.ctrlKey || e.metaKey) {
      form.requestSubmit(send);
      return;
    }
    const next = boxes()[place + 1] || send;
    next.focus();
    next.select?.();
  });

  // An entry that the server could not read was not saved: it is kept in this tab, and put back where it was typed.
  const key = `unread:${form.dataset.entry}`;
  const unread = () => Object.fromEntries(boxes().filter((box) => box.hasAttribute("aria-invalid")).map((box) => [box.name, box.value]));
  const keep = () => sessionStorage.setItem(key, JSON.stringify(unread()));
  addEventListener("load", () => {
    for (const [name, text] of Object.entries(JSON.parse(sessionStorage.getItem(key) || "{}"))) {
      const box = form.elements[name];
      if (!box || box.value === text) continue;
      box.value = text;
      box.setAttribute("aria-invalid", "true");
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    keep();
  });

  // What the server refused was not saved either: the bar says so, and the figure is kept like one not read.
  const unsaved = (box) => {
    const bar = document.querySelector("#saved");
    bar.classList.add("wrong");
    bar.querySelector("svg")?.remove();
    bar.querySelector("span").textContent = "Số vừa gõ chưa được lưu; số ấy còn giữ trong thẻ này của trình duyệt.";
    box.setAttribute("aria-invalid", "true");
  };

  // Sending waits for figures that are still on their way.
  let underway = 0;
  let waiting = false;
  let leaving = false;
  form.addEventListener("htmx:beforeRequest", (e) => {
    underway += 1;
    e.detail.elt.dataset.sent = e.detail.elt.value;
  });
  // The answer to an earlier figure does not wipe out what has been typed over it meanwhile.
  document.addEventListener("htmx:oobBeforeSwap", (e) => {
    const box = e.detail.target;
    if (boxes().includes(box) && box.dataset.sent !== box.value) e.detail.shouldSwap = false;
  });
  form.addEventListener("htmx:afterRequest", (e) => {
    underway -= 1;
    if (!e.detail.successful) unsaved(e.detail.elt);
    keep();
    if (waiting && !underway) form.requestSubmit(send);
  });
  form.addEventListener("submit", (e) => {
    waiting = underway > 0;
    leaving = !waiting;
    if (waiting) e.preventDefault();
    else sessionStorage.removeItem(key);
  });
  addEventListener("beforeunload", (e) => {
    if (!leaving && Object.keys(unread()).length) e.preventDefault();
  });
})();
