//! Seating plans: readers of foreign formats, and a generator.
