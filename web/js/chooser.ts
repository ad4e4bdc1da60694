// The chooser of a chapter (`xtask/src/book/chooser`): of all its answers it shows the one that the
// questions lead to. Without this script all stand below one another, each with its conditions, and
// so they print.

/** Whether what is chosen fits `runs=web,ray;idle=zero`. */
function fits(condition: string, chosen: Map<string, string>): boolean {
  return condition.split(";").every((part) => {
    const [question, choices] = part.split("=");
    return !choices || choices.split(",").includes(chosen.get(question) ?? "");
  });
}

/** Makes the questions of `chooser` decide what it shows. */
export function makeLive(chooser: HTMLElement): void {
  const form = chooser.querySelector("form")!;
  const status = chooser.querySelector(".chosen")!;
  const questions = [...form.querySelectorAll("fieldset")];
  const parts = [...chooser.querySelectorAll("section")];
  const input = (question: Element, which: string) => question.querySelector<HTMLInputElement>(`input${which}`)!;

  /** Shows what fits; the heading of the answer. */
  const show = () => {
    const chosen = new Map<string, string>();
    for (const question of questions) {
      question.hidden = !fits(question.dataset.if!, chosen);
      const { name, value } = input(question, ":checked");
      if (!question.hidden) chosen.set(name, value);
    }
    for (const part of parts) part.hidden = !fits(part.dataset.if!, chosen);
    return parts.find((it) => !it.hidden)!.querySelector("[role=heading]")!;
  };

  /** Answers the questions as the answer at the address needs it. */
  const followAddress = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target && parts.find((it) => it.contains(target));
    if (!part) return;
    for (const needed of part.dataset.if!.split(";")) {
      const [name, choices] = needed.split("=");
      const question = questions.find((it) => input(it, "").name === name)!;
      const current = input(question, ":checked").value;
      const words = choices.split(",");
      if (!words.includes(current)) input(question, `[value="${words[0]}"]`).checked = true;
    }
    show();
    target.scrollIntoView();
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    const heading = show();
    status.textContent = heading.textContent!.trim();
    history.replaceState(null, "", `#${heading.id}`);
  });
  addEventListener("hashchange", followAddress);
  chooser.classList.add("live");
  form.hidden = false;
  show();
  followAddress();
}
