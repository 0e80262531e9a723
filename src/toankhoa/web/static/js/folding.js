// A sheet that goes further than one step down: the units below another are folded away and shown again.
(() => {
  const table = () => document.querySelector(".handing");
  const all = document.querySelector("[data-fold-all]");
  const folds = () => [...document.querySelectorAll("[data-fold]")];
  const folded = new Set();
  const draw = () => {
    let below = Infinity;
    for (const row of table().tBodies[0].rows) {
      const depth = Number(row.dataset.depth);
      if (depth <= below) below = Infinity;
      row.hidden = depth > below;
      const fold = row.querySelector("[data-fold]");
      if (!fold) continue;
      const away = folded.has(fold.textContent);
      fold.hidden = false;
      fold.setAttribute("aria-expanded", String(!away));
      if (away && !row.hidden) below = depth;
    }
    if (!all) return;
    all.hidden = !folds().length;
    all.textContent = folded.size ? "Mở hết" : "Thu gọn";
  };
  const foldAll = () => {
    if (folded.size) folded.clear();
    else folds().forEach((fold) => folded.add(fold.textContent));
    draw();
  };
  all?.addEventListener("click", foldAll);
  document.addEventListener("click", (e) => {
    const fold = e.target.closest("[data-fold]");
    if (!fold) return;
    const name = fold.textContent;
    if (!folded.delete(name)) folded.add(name);
    draw();
  });
  document.addEventListener("sheet:redrawn", draw);
  if (matchMedia("(max-width: 767px)").matches) foldAll();
  else draw();
})();
