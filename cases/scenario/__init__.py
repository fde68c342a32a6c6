"""Scenarios: a case told in a YAML file, played through the same forms and services people use on screen."""
