export function Logo() {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="7" fill="#0d3b4f" />
      <path d="M13 9h6l2 16H11z" fill="#f4f7f9" />
      <path d="M12.3 14.6h7.4l.4 3.4h-8.2zM11.5 21.2h9l.4 3.4h-9.8z" fill="#1f86a6" />
      <rect x="12" y="5.5" width="8" height="4" rx="1.4" fill="#f5b83d" />
      <path d="M20.500 7.500 30 3.500v8zM11.500 7.500 2 3.500v8z" fill="#f5b83d" opacity=".55" />
    </svg>
  );
}
