// Only in a site that `cargo xtask serve` shows: reloads it after a good build and shows the error
// of a bad one.

let seen = 0;
let banner = null;

function show(error) {
  banner ??= document.body.appendChild(document.createElement("pre"));
  banner.textContent = `The build failed; this is the last good one.\n\n${error}`;
  Object.assign(banner.style, {
    position: "fixed", inset: "auto 0 0 0", margin: 0, padding: "12px 16px", maxHeight: "40vh",
    overflow: "auto", whiteSpace: "pre-wrap", zIndex: 9999,
    background: "Canvas", color: "CanvasText", borderTop: "3px solid red",
  });
}

async function follow() {
  for (;;) {
    try {
      const answer = await fetch(`/dev/next/${seen}`);
      const { build, error } = await answer.json();
      if (error) show(error);
      else if (seen !== 0) return location.reload();
      seen = build;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

follow();
