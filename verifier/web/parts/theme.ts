/** Light, dark, or as the device has it. */
export type Theme = (typeof THEMES)[number];

/** The first is the device's own choice. */
export const THEMES = ['system', 'light', 'dark'] as const;

/** Show the page in that theme; its style sheet has the colours under `:root[data-theme]`. */
export function showTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
}
