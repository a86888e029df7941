// Something that is changed on the server; what was read before and is stale then is read anew.
import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";

export function useChange<Given, Result>(change: (given: Given) => Promise<Result>, ...stale: QueryKey[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
