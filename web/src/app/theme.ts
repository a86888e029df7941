// One accent, neutral greys, the system's own letters (and Noto's for Chinese where the system has none).
import { createTheme, type MantineColorsTuple } from "@mantine/core";

// biome-ignore format: ten shades of one accent
const violet: MantineColorsTuple = [
  "#f3f0fd", "#e3ddf9", "#c5b8f1", "#a692ea", "#8b71e4", "#7a5ce0", "#6d4fdb", "#5a3ec8", "#5037b4", "#442e9e",
];

const LATIN = '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Inter, "Noto Sans", "Helvetica Neue", Arial';
const CHINESE = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC"';

export const theme = createTheme({
  primaryColor: "violet",
  primaryShade: { light: 7, dark: 5 },
  colors: { violet },
  fontFamily: `${LATIN}, ${CHINESE}, system-ui, sans-serif`,
  defaultRadius: "md",
  headings: { fontWeight: "650" },
  respectReducedMotion: true,
  components: {
    // Mantine's own placeholder for the focus is nothing that a menu may hold; the first item takes it.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
  },
});
