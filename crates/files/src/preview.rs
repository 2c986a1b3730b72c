//! A small picture of a large one, turned the way it was taken and without what cameras write into their files.

use std::io::{BufReader, Cursor, Read, Seek};

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, Rgb, RgbImage};

/// Longest side of the small picture, in pixels.
const SIDE_MAX: u32 = 640;
/// Longest side of a picture that is read, in pixels.
const READ_SIDE_MAX: u32 = 12_000;
/// Pixels of a picture that is read.
const READ_PIXELS_MAX: u64 = 64_000_000;
/// Memory that reading it may take.
const READ_BYTES_MAX: u64 = 300 * 1024 * 1024;
/// Quality of the JPEG, of 100.
const QUALITY: u8 = 80;

/// A JPEG of at most 640 × 640 pixels; `None` when the bytes are no picture, or one too large to read.
pub(crate) fn small(bytes: impl Read + Seek) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(BufReader::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(READ_SIDE_MAX);
    limits.max_image_height = Some(READ_SIDE_MAX);
    limits.max_alloc = Some(READ_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > READ_PIXELS_MAX {
        return None;
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    let mut picture =
        if width.max(height) > SIDE_MAX { picture.thumbnail(SIDE_MAX, SIDE_MAX) } else { picture };
    picture.apply_orientation(orientation);
    let mut out = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&on_white(&picture)).ok()?;
    Some(out.into_inner())
}

/// What shines through becomes white: JPEG knows no transparency.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    let mut flat = RgbImage::new(picture.width(), picture.height());
    for (to, from) in flat.pixels_mut().zip(picture.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        let blend = |colour: u16| {
            let blended = (colour * alpha + 255 * (255 - alpha)) / 255;
            u8::try_from(blended).unwrap_or(u8::MAX)
        };
        *to = Rgb([blend(red), blend(green), blend(blue)]);
    }
    flat
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, RgbaImage};

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        RgbaImage::new(width, height).write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    #[test]
    fn a_large_picture_becomes_small_and_white_where_it_was_clear() {
        let small = image::load_from_memory(&small(Cursor::new(png(2000, 1000))).unwrap()).unwrap().to_rgb8();
        assert_eq!((small.width(), small.height()), (640, 320));
        assert!(small.pixels().all(|pixel| pixel.0.iter().all(|colour| *colour > 250)));
    }

    #[test]
    fn what_is_no_picture_or_too_large_has_none() {
        assert_eq!(small(Cursor::new(b"<svg/>")), None);
        assert_eq!(small(Cursor::new(&png(10, 10)[..40])), None);
        // A few bytes that claim to be 60,000 pixels wide and high.
        let mut bomb = png(1, 1);
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        assert_eq!(small(Cursor::new(bomb)), None);
    }
}
