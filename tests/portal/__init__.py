"""The project itself: settings, start-up, permission map, logs."""
