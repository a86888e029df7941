"""How a map leaves: HTML, SVG, PNG, PDF, PPTX, XLSX, Mermaid, Markdown, JSON."""
