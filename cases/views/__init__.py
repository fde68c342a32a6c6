"""Pages. A view reads the request, asks a selector or a service, and answers; it holds no rule."""
