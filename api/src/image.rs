//! What is uploaded as an image: judged by its bytes, never by its name or by what its sender says.

use bytes::Bytes;
use tiketi_engine::ports::{Image, ImageKind};

/// The largest file, in bytes.
pub(crate) const IMAGE_BYTES_MAX: usize = 1024 * 1024;
/// The longest side, in pixels: whoever shows an image holds four bytes for each of them.
const SIDE_MAX: u32 = 4_096;
/// How far into a file the root of an SVG is looked for.
const ROOT_WITHIN: usize = 1_024;

/// Why a file is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ImageFault {
    #[error("SVG can carry scripts and links: send it as PNG, JPEG, WebP or AVIF")]
    Svg,
    #[error("not a PNG, JPEG, WebP or AVIF file")]
    Kind,
    #[error("its header is damaged or cut off")]
    Header,
    #[error("each side has 1 to 4096 pixels")]
    Side,
}

impl ImageFault {
    /// For programs.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Kind => "image_kind",
            Self::Header => "image_header",
            Self::Side => "image_side",
        }
    }
}

/// Reads how a file is encoded and how large its image is. The image itself is not decoded.
///
/// # Errors
/// [`ImageFault`].
pub(crate) fn read(bytes: Bytes) -> Result<Image, ImageFault> {
    let kind = kind_of(&bytes)?;
    let size = imagesize::blob_size(&bytes).map_err(|_| ImageFault::Header)?;
    let side = |pixels: usize| {
        let pixels = u32::try_from(pixels).ok().filter(|side| (1..=SIDE_MAX).contains(side));
        pixels.ok_or(ImageFault::Side)
    };
    Ok(Image { kind, width: side(size.width)?, height: side(size.height)?, bytes })
}

fn kind_of(bytes: &[u8]) -> Result<ImageKind, ImageFault> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(ImageKind::Png),
        [0xff, 0xd8, 0xff, ..] => Ok(ImageKind::Jpeg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(ImageKind::Webp),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f', ..] => Ok(ImageKind::Avif),
        _ => {
            let root = &bytes[..bytes.len().min(ROOT_WITHIN)];
            let is_svg = root.windows(4).any(|word| word.eq_ignore_ascii_case(b"<svg"));
            Err(if is_svg { ImageFault::Svg } else { ImageFault::Kind })
        }
    }
}

/// The media type of an image.
pub(crate) const fn media_type(kind: ImageKind) -> &'static str {
    match kind {
        ImageKind::Png => "image/png",
        ImageKind::Jpeg => "image/jpeg",
        ImageKind::Webp => "image/webp",
        ImageKind::Avif => "image/avif",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        file.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
        file.extend(b"\x08\x02\0\0\0");
        file
    }

    /// Up to its frame header, with a segment before it.
    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut file = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec();
        file.extend(b"\xff\xc0\0\x11\x08");
        file.extend([height.to_be_bytes(), width.to_be_bytes()].concat());
        file.extend(b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01");
        file
    }

    /// Lossless, with the sides in 14 bits each.
    fn webp(width: u32, height: u32) -> Vec<u8> {
        let mut file = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f".to_vec();
        file.extend(((width - 1) | (height - 1) << 14).to_le_bytes());
        file.extend([0; 8]);
        file
    }

    fn sized(name: [u8; 4], body: &[u8]) -> Vec<u8> {
        let len = u32::try_from(8 + body.len()).unwrap();
        [&len.to_be_bytes()[..], &name, body].concat()
    }

    fn avif(width: u32, height: u32) -> Vec<u8> {
        let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
        let properties = sized(*b"ispe", &[&[0; 4][..], &sides].concat());
        let association = sized(*b"ipma", &[0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1]);
        let container = sized(*b"ipco", &properties);
        let item = sized(*b"iprp", &[container, association].concat());
        let first = sized(*b"pitm", &[0, 0, 0, 0, 0, 1]);
        let handler = sized(*b"hdlr", b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
        let meta = sized(*b"meta", &[vec![0; 4], handler, first, item].concat());
        [sized(*b"ftyp", b"avif\0\0\0\0avifmif1miaf"), meta, sized(*b"mdat", b"")].concat()
    }

    fn judged(file: impl AsRef<[u8]>) -> Result<(ImageKind, u32, u32), ImageFault> {
        let image = read(Bytes::copy_from_slice(file.as_ref()))?;
        Ok((image.kind, image.width, image.height))
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(judged(png(640, 400)), Ok((ImageKind::Png, 640, 400)));
        assert_eq!(judged(jpeg(640, 400)), Ok((ImageKind::Jpeg, 640, 400)));
        assert_eq!(judged(webp(640, 400)), Ok((ImageKind::Webp, 640, 400)));
        assert_eq!(judged(avif(640, 400)), Ok((ImageKind::Avif, 640, 400)));
        assert_eq!(judged(png(4_096, 1)), Ok((ImageKind::Png, 4_096, 1)));
    }

    #[test]
    fn what_is_no_such_image_is_refused_with_the_reason() {
        let svg = "<?xml version=\"1.0\"?>\n<!-- a -->\n<SVG onload=\"alert(1)\"></SVG>";
        assert_eq!(judged(svg), Err(ImageFault::Svg));
        for other in ["", "GIF89a\x01\0\x01\0", "<!doctype html><script>", "BM......", "\u{feff}"] {
            assert_eq!(judged(other), Err(ImageFault::Kind), "{other:?}");
        }
        assert_eq!(judged(b"\x89PNG\r\n\x1a\r"), Err(ImageFault::Kind), "line ends were changed");
        for sides in [(0, 1), (1, 0), (4_097, 1), (1, u32::MAX)] {
            assert_eq!(judged(png(sides.0, sides.1)), Err(ImageFault::Side), "{sides:?}");
        }
        assert_eq!(judged(jpeg(65_535, 65_535)), Err(ImageFault::Side));
        assert_eq!(judged(avif(1 << 30, 1 << 30)), Err(ImageFault::Side));
    }

    #[test]
    fn a_header_that_is_cut_off_anywhere_or_spoiled_is_no_image() {
        let boundless = |file: &[u8]| {
            judged(file).is_ok_and(|(_, width, height)| !(1..=4_096).contains(&width.max(height)))
        };
        for whole in [png(640, 400), jpeg(640, 400), webp(640, 400), avif(640, 400)] {
            for end in 0..whole.len() {
                assert!(!boundless(&whole[..end]), "{end} bytes");
            }
            for (at, byte) in (0..whole.len()).flat_map(|at| [0, 0x7f, 0xff].map(|to| (at, to))) {
                let mut spoiled = whole.clone();
                spoiled[at] = byte;
                assert!(!boundless(&spoiled), "{byte} at {at}");
            }
        }
        assert_eq!(judged(&png(640, 400)[..20]), Err(ImageFault::Header));
        assert_eq!(judged(&jpeg(640, 400)[..24]), Err(ImageFault::Header));
        assert_eq!(judged(&webp(640, 400)[..22]), Err(ImageFault::Header));
        assert_eq!(judged(&avif(640, 400)[..60]), Err(ImageFault::Header));
    }
}
