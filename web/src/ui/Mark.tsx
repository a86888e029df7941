export function Mark() {
  return (
    <svg
      width="28"
      height="24"
      viewBox="0 0 28 24"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      <path d="M3 20h9V5h13" stroke="var(--line-strong)" strokeWidth="3" />
      <path d="M3 20C9 19 17 12 25 5" stroke="var(--pain-strong)" strokeWidth="2.8" strokeDasharray="0.1 4.4" />
    </svg>
  );
}
