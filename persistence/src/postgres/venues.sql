-- Venues, with the size of their picture.
SELECT v.id, v.name_ko, v.name_en, v.address, v.city, v.country, v.time_zone, v.image, v.alt_ko,
       v.alt_en, v.version, v.created_at, i.width, i.height
FROM catalog.venue v
LEFT JOIN catalog.image i ON i.hash = v.image
