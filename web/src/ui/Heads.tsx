// The head of a table: the names of its columns; those in brackets hold numbers, which stand right.
type Column = string | [string];

export function Heads({ columns }: { columns: Column[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const [name] = typeof column === "string" ? [column] : column;
          return (
            <th key={name} scope="col" className={typeof column === "string" ? undefined : "n"}>
              {name}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
