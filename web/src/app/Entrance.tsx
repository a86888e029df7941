// The card at the door: for a password, a first account, an invitation.
import { Paper, Stack, Title } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { Mark } from "../ui/Mark";
import { LanguageSelect } from "./LanguageSelect";
import "./app.css";

interface Props {
  title: string;
  submit: () => void;
  children: ReactNode;
}

export function Entrance({ title, submit, children }: Props) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  return (
    <main className="sign-in">
      <Paper withBorder shadow="sm" p="xl" radius="lg" className="sign-in-card">
        <form onSubmit={send}>
          <Stack>
            <Mark />
            <Title order={1} size="h3">
              {title}
            </Title>
            {children}
            <LanguageSelect />
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
