// The sheet: arrows and Enter go between cells, a block from Excel is pasted, what changes is saved, and can be undone.
// Amounts are worked out by the server alone: its answer is the same table, of which this takes over what differs.
(() => {
  const form = document.querySelector("#allocation");
  const undoButton = document.querySelector("[data-undo]");
  const redoButton = document.querySelector("[data-redo]");
  const boxes = () => [...form.querySelectorAll("[name^='m-'], [name^='r-']")];
  const grid = () => [...form.querySelectorAll(".handing tbody tr:not([hidden])")].map((row) => [...row.querySelectorAll("td")].map((cell) => cell.querySelector("input")));

  // What every box held when it was last saved: what differs from it is sent. At first that is what the page came
  // with, not what somebody may have typed by now: this script comes after the page.
  const came = (box) => (box.tagName === "INPUT" ? box.defaultValue : box.value);
  const known = new Map(boxes().map((box) => [box.name, came(box)]));
  const done = [];
  const undone = [];
  const shown = () => {
    undoButton.disabled = !done.length;
    redoButton.disabled = !undone.length;
  };
  undoButton.hidden = redoButton.hidden = false;
  shown();

  // One save after another, so that each knows the row_version that the one before it made. What changes meanwhile goes
  // together with the next one; a box that waits for it is not touched by the answer to this one.
  const waiting = new Set();
  let underway = null;
  // With it go the rules and what could not be read before, so that the answer says of these again what is wrong.
  const goesWith = (box) => box.name.startsWith("r-") || box.hasAttribute("aria-invalid");
  const send = (names) => {
    for (const name of names) waiting.add(name);
    underway ??= saveAll().finally(() => (underway = null));
  };
  async function saveAll() {
    while (waiting.size) {
      const along = boxes().filter(goesWith).map((box) => box.name);
      const sent = new Map([...waiting, ...along].map((name) => [name, known.get(name)]));
      waiting.clear();
      await save(sent).catch(() => document.dispatchEvent(new CustomEvent("htmx:sendError")));
    }
  }
  async function save(sent) {
    const said = new FormData();
    said.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    said.set("row_version", form.elements.row_version.value);
    for (const [name, value] of sent) said.set(name, value);
    const answer = await fetch(form.action, { method: "POST", body: said, headers: { "HX-Request": "true" } });
    const text = await answer.text();
    if (!answer.ok) {
      document.dispatchEvent(new CustomEvent("htmx:responseError", { detail: { xhr: { status: answer.status, responseText: text } } }));
      return;
    }
    take(new DOMParser().parseFromString(text, "text/html"), sent);
  }
  // Other boxes than before, where a rule now goes further down or less far: the table is taken over as it is.
  const idsOf = (root) => [...root.querySelectorAll("[data-live]")].map((part) => part.id).join(" ");
  function take(fresh, sent) {
    if (idsOf(fresh) !== idsOf(form)) redraw(fresh);
    else renew(fresh, sent);
  }
  function redraw(fresh) {
    const focused = document.activeElement?.id;
    const { scrollTop, scrollLeft } = form.querySelector(".grid-scroll");
    document.querySelector("#sheet").replaceWith(fresh.querySelector("#sheet"));
    form.querySelector(".grid-scroll").scrollTo(scrollLeft, scrollTop);
    for (const box of boxes()) {
      if (waiting.has(box.name)) box.value = known.get(box.name);
      else known.set(box.name, box.value);
    }
    document.getElementById(focused)?.focus();
    document.dispatchEvent(new CustomEvent("sheet:redrawn"));
  }
  function renew(fresh, sent) {
    for (const part of fresh.querySelectorAll("[data-live]")) {
      const here = document.getElementById(part.id);
      if (!here) continue;
      if (part.tagName !== "INPUT") {
        here.className = part.className;
        if (here.innerHTML !== part.innerHTML) here.innerHTML = part.innerHTML;
        continue;
      }
      // What is being typed over an answer stays.
      const now = sent.has(part.name) ? sent.get(part.name) : known.get(part.name);
      const typing = waiting.has(part.name) || (known.has(part.name) && here.value !== now);
      here.placeholder = part.placeholder;
      here.className = part.className;
      if (part.hasAttribute("aria-invalid")) here.setAttribute("aria-invalid", "true");
      else here.removeAttribute("aria-invalid");
      if (!typing) {
        here.value = part.value;
        known.set(here.name, part.value);
      }
    }
    document.querySelector("#reserve-row").hidden = fresh.querySelector("#reserve-row").hidden;
  }

  addEventListener("beforeunload", (e) => {
    if (boxes().some((box) => box.hasAttribute("aria-invalid") || waiting.has(box.name))) e.preventDefault();
  });

  // A step is what changed together: [name, before, after] of each box.
  const step = (changes) => {
    const real = changes.filter(([, before, after]) => before !== after);
    if (!real.length) return;
    done.push(real);
    undone.length = 0;
    shown();
    send(real.map(([name]) => name));
  };
  const put = (changes, which) => {
    for (const change of changes) {
      form.elements[change[0]].value = change[which];
      known.set(change[0], change[which]);
    }
    form.elements[changes[0][0]].focus();
    shown();
    send(changes.map(([name]) => name));
  };
  const undo = () => {
    const last = done.pop();
    if (!last) return;
    undone.push(last);
    put(last, 1);
  };
  const redo = () => {
    const next = undone.pop();
    if (!next) return;
    done.push(next);
    put(next, 2);
  };
  undoButton.addEventListener("click", undo);
  redoButton.addEventListener("click", redo);

  form.addEventListener("change", (e) => {
    const box = e.target;
    if (!known.has(box.name)) return;
    const before = known.get(box.name);
    known.set(box.name, box.value);
    step([[box.name, before, box.value]]);
  });

  const placeOf = (box) => {
    const rows = grid();
    const row = rows.findIndex((cells) => cells.includes(box));
    return row < 0 ? null : { rows, row, column: rows[row].indexOf(box) };
  };
  // To the next box that way: a unit that is not asked, or only adds up, has none.
  const go = (rows, row, column, [down, right]) => {
    while (rows[row + down] && column + right in rows[row]) {
      row += down;
      column += right;
      const box = rows[row][column];
      if (!box) continue;
      box.focus();
      box.select();
      return;
    }
  };
  // From a box in which nothing was typed yet, or at the end of what was, left and right lead to the next one.
  const atEdge = (box, side) => {
    const whole = box.selectionStart === 0 && box.selectionEnd === box.value.length;
    return whole || (box.selectionStart === box.selectionEnd && box.selectionStart === (side < 0 ? 0 : box.value.length));
  };
  const moves = {
    ArrowUp: () => [-1, 0],
    ArrowDown: () => [1, 0],
    Enter: (e) => [e.shiftKey ? -1 : 1, 0],
    ArrowLeft: (e) => atEdge(e.target, -1) && [0, -1],
    ArrowRight: (e) => atEdge(e.target, 1) && [0, 1],
  };
  form.addEventListener("keydown", (e) => {
    const key = e.key.toLowerCase();
    if ((e.ctrlKey || e.metaKey) && (key === "z" || key === "y")) {
      e.preventDefault();
      e.target.blur?.();
      (key === "y" || e.shiftKey ? redo : undo)();
      return;
    }
    if (e.key === "Escape" && known.has(e.target.name)) e.target.value = known.get(e.target.name);
    if (e.key === "Enter" && e.target.tagName === "INPUT") e.preventDefault();
    const place = placeOf(e.target);
    const move = place && !e.ctrlKey && !e.altKey && moves[e.key]?.(e);
    if (!move) return;
    e.preventDefault();
    go(place.rows, place.row, place.column, move);
    if (document.activeElement !== e.target) return;
    e.target.blur(); // at the edge too, what was typed is kept
    e.target.focus();
  });
  form.addEventListener("focusin", (e) => placeOf(e.target) && e.target.select());

  form.addEventListener("paste", (e) => {
    const text = e.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    const place = placeOf(e.target);
    if (!place || !/[\t\n]/.test(text)) return;
    e.preventDefault();
    const changes = [];
    text.split(/\r?\n/).forEach((line, down) =>
      line.split("\t").forEach((value, right) => {
        const box = place.rows[place.row + down]?.[place.column + right];
        if (!box) return;
        changes.push([box.name, known.get(box.name), value.trim()]);
        box.value = value.trim();
        known.set(box.name, box.value);
      }),
    );
    step(changes);
  });

  // One rule's fields at a time, and closed by a click elsewhere.
  document.addEventListener("click", (e) => {
    for (const rule of form.querySelectorAll(".rule[open]")) if (!rule.contains(e.target)) rule.open = false;
  });

  // Handing down waits for what is still on its way, and only for that: a form cannot be sent from within its own
  // submit event, which is where an empty queue would answer.
  const issuing = document.querySelector("#issue").form;
  issuing.addEventListener("submit", (e) => {
    if (!underway) return;
    e.preventDefault();
    underway.then(() => issuing.requestSubmit());
  });

  // What was typed before this script came is a change like any other.
  const early = boxes()
    .filter((box) => box.value !== known.get(box.name))
    .map((box) => [box.name, known.get(box.name), box.value]);
  for (const [name, , value] of early) known.set(name, value);
  step(early);
})();
