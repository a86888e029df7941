import { useMediaQuery } from "@mantine/hooks";

/** Whether the screen is a phone's: stages then follow one another. */
export function useNarrow(): boolean {
  return useMediaQuery("(max-width: 760px)", false, { getInitialValueInEffect: false });
}
