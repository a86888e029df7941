// What stands where nothing is yet: says so, and what to do next.
import { Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" justify="center" mih="50vh" p="xl" gap="sm" ta="center">
      <Title order={2} size="h3">
        {title}
      </Title>
      <div className="quiet">{children}</div>
    </Stack>
  );
}
