// What a page does beyond links and forms. Every page also works without this file.
(() => {
  const on = (event, selector, act) =>
    document.addEventListener(event, (e) => {
      const found = e.target.closest?.(selector);
      if (found) act(found, e);
    });

  const hideSaving = (within) => {
    for (const button of within.querySelectorAll("[data-without-script]")) button.hidden = true;
  };

  on("click", "[data-toggle-theme]", () => window.toggleTheme());
  on("click", "[data-print]", () => window.print());
  on("change", "[data-auto-submit]", (input) => input.form.requestSubmit());

  // Demo logins fill the form and sign in.
  on("click", "[data-login]", (button, e) => {
    const form = document.querySelector("#sign-in");
    e.preventDefault();
    form.username.value = button.dataset.login;
    form.password.value = button.dataset.password;
    form.requestSubmit();
  });

  // Explanations open beside the page; without JavaScript their links open as pages.
  const panel = document.querySelector("#panel");
  document.addEventListener("htmx:afterSwap", (e) => {
    if (panel && e.detail.target.id === "panel-body") {
      if (!panel.open) panel.showModal();
      panel.scrollTop = 0;
      panel.querySelector("[autofocus]")?.scrollIntoView({ block: "center" });
      hideSaving(panel);
    }
  });
  on("click", "[data-close-panel]", () => panel.close());
  on("click", "#panel", (dialog, e) => e.target === dialog && dialog.close());

  // One year at a time on a phone: the links load a page, this only shows another column.
  on("click", "[data-year]", (link, e) => {
    const plan = document.querySelector(".plan");
    if (!plan || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    for (const cell of plan.querySelectorAll(".c-year")) cell.classList.toggle("shown", cell.dataset.of === link.dataset.year);
    for (const other of link.parentElement.children) other.toggleAttribute("aria-current", other === link);
    link.setAttribute("aria-current", "true");
    history.replaceState(null, "", link.href);
  });

  // Filters fold away on a phone; without JavaScript they stay open.
  for (const button of document.querySelectorAll("[data-show]")) {
    const box = document.querySelector(button.dataset.show);
    button.hidden = false;
    box.classList.add("collapsed");
    button.addEventListener("click", () => {
      const folded = box.classList.toggle("collapsed");
      button.setAttribute("aria-expanded", String(!folded));
    });
  }

  // Saving by hand is for pages on which nothing saves by itself.
  hideSaving(document);

  on("change", "[data-select-all]", (all) => {
    for (const box of document.querySelectorAll(`input[data-group="${all.dataset.selectAll}"]`)) box.checked = all.checked;
  });

  // A blank reason is asked for in the page's own words, not in those of the browser.
  const ask = (field) => {
    const said = document.createElement("span");
    said.id = `${field.id}-asked`;
    said.className = "error";
    said.setAttribute("role", "alert");
    field.after(said);
    field.setAttribute("aria-describedby", said.id);
    field.addEventListener("input", () => (said.textContent = ""));
    return said;
  };
  const required = (e) => {
    const field = e.target;
    if (!field.dataset.required) return;
    e.preventDefault();
    (document.getElementById(`${field.id}-asked`) || ask(field)).textContent = field.dataset.required;
    field.focus();
  };
  document.addEventListener("invalid", required, true);

  const toast = (text) => {
    const box = document.querySelector("#toast");
    box.textContent = text;
    box.hidden = false;
    box.popover = "manual"; // above an open panel, too
    box.showPopover?.();
    clearTimeout(box.timer);
    box.timer = setTimeout(() => (box.hidden = true), 6000);
  };
  document.addEventListener("htmx:sendError", () => toast("Không nối được với máy chủ. Số vừa nhập chưa được lưu, hãy thử lại."));
  document.addEventListener("htmx:responseError", (e) =>
    toast(e.detail.xhr.status === 409 ? e.detail.xhr.responseText : "Máy chủ chưa nhận được thay đổi. Hãy tải lại trang rồi thử lại."),
  );
})();
