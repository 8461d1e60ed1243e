// A figure drawn by the server answers to pointer and keyboard: each mark says its values, as its label does to a screen reader.

/** @param {HTMLElement} figure */
function arm(figure) {
  if (figure.dataset.armed) return;
  figure.dataset.armed = "yes";
  /** @returns {SVGElement[]} */
  const marks = () => /** @type {SVGElement[]} */ ([...figure.querySelectorAll('[role="graphics-symbol"][aria-label]')])
    .filter((mark) => mark.getClientRects().length && !mark.matches('[class*="axis"], [class*="legend"]') && !mark.closest('[class*="legend"]'));
  if (!marks().length) return;
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  figure.append(tip);
  /** @type {SVGElement | undefined} */
  let hot;
  /** @param {SVGElement | undefined} mark */
  const show = (mark) => {
    hot?.classList.remove("mark-hot");
    hot = mark;
    tip.hidden = !mark;
    if (!mark) return;
    mark.classList.add("mark-hot");
    tip.textContent = mark.getAttribute("aria-label");
    const box = mark.getBoundingClientRect(), around = figure.getBoundingClientRect();
    const middle = box.x + box.width / 2 - around.x;
    tip.style.left = `${Math.min(Math.max(middle, 90), around.width - 90)}px`;
    tip.style.top = `${box.y - around.y}px`;
  };
  figure.addEventListener("pointermove", (event) => {
    const mark = /** @type {Element} */ (event.target).closest('[role="graphics-symbol"][aria-label]');
    show(marks().find((each) => each === mark));
  });
  figure.addEventListener("pointerleave", () => show(undefined));
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = marks(), now = hot ? all.indexOf(hot) : step > 0 ? -1 : 0;
    show(all[(now + step + all.length) % all.length]);
  });
  figure.addEventListener("blur", () => show(undefined));
}

const armAll = () => { for (const figure of document.querySelectorAll("figure[data-chart]")) arm(/** @type {HTMLElement} */ (figure)); };
document.addEventListener("swapped", armAll);
armAll();
