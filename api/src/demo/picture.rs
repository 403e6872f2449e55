//! A picture for the demo, drawn when it is needed: nothing of it is in the repository.

use std::io::{self, Write as _};

use bytes::Bytes;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use tiketi_engine::ports::{Image, ImageKind};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 400;
/// Shades of the palette, from the night to the light.
const SHADES: u32 = 64;

/// Northern lights over a dark horizon, as a PNG with a palette.
pub(super) fn aurora() -> io::Result<Image> {
    let mut lines = ZlibEncoder::new(Vec::new(), Compression::best());
    for y in 0..HEIGHT {
        // No filter: each line begins with a zero.
        let line: Vec<u8> = std::iter::once(0).chain((0..WIDTH).map(|x| shade(x, y))).collect();
        lines.write_all(&line)?;
    }
    let palette: Vec<u8> = (0..SHADES).flat_map(color).collect();
    let sides = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
    // Eight bits a pixel, by palette; nothing else is a choice.
    let header = [&sides[..], &[8, 3, 0, 0, 0]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"PLTE", &palette);
    chunk(&mut file, *b"IDAT", &lines.finish()?);
    chunk(&mut file, *b"IEND", &[]);
    Ok(Image { kind: ImageKind::Png, width: WIDTH, height: HEIGHT, bytes: Bytes::from(file) })
}

/// Curtains of light that hang from a wave, brightest at its edge.
fn shade(x: u32, y: u32) -> u8 {
    let horizon = 330 + triangle(x, 170) / 6;
    if y > horizon {
        return 0;
    }
    let edge = 210 + triangle(x, 320) / 3 - triangle(x + 90, 130) / 4;
    let fold = 8 + triangle(x * 3, 44);
    let light = if y > edge { 40_u32.saturating_sub((y - edge) * 2) } else { y * 40 / edge };
    let shade = 4 + light * fold / 22;
    u8::try_from(shade.min(SHADES - 1)).unwrap_or(0)
}

/// Up and down again between 0 and half a period.
fn triangle(x: u32, period: u32) -> u32 {
    let at = x % period;
    at.min(period - at)
}

/// From a blue night to a green light.
fn color(shade: u32) -> [u8; 3] {
    let part = |from: u32, to: u32| {
        let value = (from * (SHADES - 1 - shade) + to * shade) / (SHADES - 1);
        u8::try_from(value).unwrap_or(u8::MAX)
    };
    [part(10, 150), part(14, 245), part(40, 190)]
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], body: &[u8]) {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let mut sum = Crc::new();
    sum.update(&name);
    sum.update(body);
    file.extend(length.to_be_bytes());
    file.extend(name);
    file.extend(body);
    file.extend(sum.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_one_that_the_server_would_keep() {
        let drawn = aurora().unwrap();
        assert_eq!(crate::image::read(drawn.bytes.clone()), Ok(drawn.clone()));
        assert!(drawn.bytes.len() < 100_000, "{} bytes", drawn.bytes.len());
    }
}
