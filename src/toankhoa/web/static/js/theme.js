// Runs before the first paint: a chosen theme changes the media of the dark style sheet; without a choice the system decides.
(() => {
  const dark = document.getElementById("dark");
  const system = dark.media;
  const media = { dark: "screen", light: "not all" };

  function show(theme) {
    dark.media = media[theme] || system;
  }

  window.toggleTheme = () => {
    const isDark = getComputedStyle(document.documentElement).colorScheme === "dark";
    const theme = isDark ? "light" : "dark";
    localStorage.setItem("theme", theme);
    show(theme);
    document.dispatchEvent(new CustomEvent("theme"));
  };

  show(localStorage.getItem("theme"));
})();
