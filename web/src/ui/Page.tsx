// A page beside the map: its head, and boxes below it.
import { Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import "./page.css";

interface PageProps {
  title: string;
  why?: ReactNode;
  tools?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

export function Page({ title, why, tools, wide, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Desirepath`;
    return () => {
      document.title = "Desirepath";
    };
  }, [title]);
  return (
    <div className={wide ? "page wide" : "page"}>
      <header className="page-head">
        <div>
          <Title order={1} size="h2">
            {title}
          </Title>
          {why && <p className="quiet">{why}</p>}
        </div>
        {tools && <div className="page-tools">{tools}</div>}
      </header>
      {children}
    </div>
  );
}

export function Box({ title, why, children }: { title: string; why?: ReactNode; children: ReactNode }) {
  return (
    <section className="box" aria-label={title}>
      <div className="box-head">
        <Title order={2} size="h5">
          {title}
        </Title>
        {why && <p className="quiet">{why}</p>}
      </div>
      {children}
    </section>
  );
}
