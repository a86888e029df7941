// Why what somebody just asked for was not done, beside where they asked for it.
import { Alert } from "@mantine/core";
import { said } from "./Trouble";

export function Failure({ error }: { error: Error | null }) {
  return error ? (
    <Alert color="red" role="alert" my="sm">
      {said(error)}
    </Alert>
  ) : null;
}
