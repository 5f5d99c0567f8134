// Sets the colours that the reader chose before anything is painted: the page itself comes later, and what is shown until then
// would be light for who chose dark. A file of its own, for nothing inside the page may run; see vite.config.ts.
try {
  const theme = localStorage.getItem('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // A browser that keeps nothing shows the colours of the system.
}
