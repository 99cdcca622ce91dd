// Light or dark? Runs before the first paint: the viewer's own choice, else what the system prefers.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("watchbell.theme");
    } catch {
      return null; // storage may be forbidden; the system's preference still holds
    }
  };
  const apply = () => {
    document.documentElement.dataset.theme = chosen() ?? (system.matches ? "dark" : "light");
  };
  system.addEventListener("change", apply);
  apply();
})();
