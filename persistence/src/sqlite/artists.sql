-- Artists, with the size of their picture.
SELECT a.id, a.name_ko, a.name_en, a.about_ko, a.about_en, a.image, a.alt_ko, a.alt_en, a.version,
       a.created_at, i.width, i.height
FROM catalog_artist a
LEFT JOIN catalog_image i ON i.hash = a.image
