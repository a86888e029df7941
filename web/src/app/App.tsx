import { MantineProvider } from "@mantine/core";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import { ApiError } from "../api/client";
import { SESSION } from "../api/session";
import { Waiting } from "../ui/Waiting";
import { ForRole } from "./ForRole";
import { Gate } from "./Gate";
import { NotFound } from "./NotFound";
import { PAGES } from "./pages";
import { Shell } from "./Shell";
import { theme } from "./theme";

const client = new QueryClient({
  // A session that has ended elsewhere or run out: who is here is asked anew, and signs in again on this very page.
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) client.invalidateQueries({ queryKey: SESSION });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // What the person has to mend is not asked again; what the network lost is.
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
});

const SharedPage = lazy(() => import("../shared/SharedPage"));

/** What needs an account. */
function Inside() {
  return (
    <Gate>
      <Shell>
        <Suspense fallback={<Waiting />}>
          <Routes>
            <Route path="/" element={<Navigate to="/journeys" replace />} />
            {PAGES.map(({ path, Content, needs }) => (
              <Route
                key={path}
                path={path}
                element={
                  <ForRole needs={needs}>
                    <Content />
                  </ForRole>
                }
              />
            ))}
            <Route path="*" element={<NotFound />} />
          </Routes>
        </Suspense>
      </Shell>
    </Gate>
  );
}

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <Suspense fallback={<Waiting />}>
            <Routes>
              <Route path="/shared/:token" element={<SharedPage />} />
              <Route path="*" element={<Inside />} />
            </Routes>
          </Suspense>
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
}
