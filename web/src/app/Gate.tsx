// Nobody comes in without a session: signs in, or makes the first account or takes up an invitation by a one-time link
// (`/?setup=…`).
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useSession } from "../api/session";
import { Trouble } from "../ui/Trouble";
import { Waiting } from "../ui/Waiting";
import { SignIn } from "./SignIn";

export function Gate({ children }: { children: ReactNode }) {
  const session = useSession();
  const [search] = useSearchParams();
  if (session.isPending) return <Waiting />;
  if (session.isError && !session.data) return <Trouble error={session.error} retry={session.refetch} />;
  if (session.data.user) return children;
  return <SignIn setup={session.data.setup} token={search.get("setup")} />;
}
