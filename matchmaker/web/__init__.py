"""The Litestar application: pages, forms, guards and their JSON twins."""
