//! The files that evidence shows: a few small ones, made here to the byte, that many pieces of evidence share.

use anlan_core::duty::FileRef;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// What a file is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Minutes, signed.
    Minutes,
    /// A document.
    Document,
    /// A photo.
    Photo,
    /// A table.
    Table,
}

/// The reference by which facts name a content.
pub fn reference(name: String, media_type: &str, bytes: &[u8]) -> FileRef {
    let mut sha256 = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(sha256, "{byte:02x}");
    }
    FileRef {
        sha256,
        name,
        size: bytes.len() as u64,
        media_type: media_type.to_owned(),
    }
}

/// All files, in a fixed order.
pub fn all(year: i16) -> Vec<(FileRef, Vec<u8>)> {
    let text = |name: &str, body: String| {
        let bytes = body.into_bytes();
        (reference(name.to_owned(), "text/plain", &bytes), bytes)
    };
    let document = |name: &str, lines: &[String]| {
        let bytes = pdf(lines);
        (reference(name.to_owned(), "application/pdf", &bytes), bytes)
    };
    let photo = |name: &str, colours: [[u8; 3]; 3]| {
        let bytes = picture(colours);
        (reference(name.to_owned(), "image/png", &bytes), bytes)
    };
    vec![
        document(
            "会议纪要（示例）.pdf",
            &[
                "会议纪要（示例）".into(),
                format!("{year}年安全生产专题会议"),
                "一、传达学习上级会议精神。".into(),
                "二、听取重点任务进展情况汇报。".into(),
                "三、研究确定下一步整治措施和责任分工。".into(),
                "（本文件为示例，不代表任何真实会议）".into(),
            ],
        ),
        document(
            "工作情况报告（示例）.pdf",
            &[
                "工作情况报告（示例）".into(),
                format!("{year}年重点任务落实情况"),
                "一、工作开展情况。二、存在的问题。三、下一步打算。".into(),
                "（本文件为示例，不代表任何真实单位）".into(),
            ],
        ),
        text(
            "学习贯彻清单（示例）.txt",
            format!(
                "学习贯彻清单（示例）\n年度：{year}年\n序号\t事项\t承办人\t完成时限\t办理结果\n1\t传达学习\t安全专干\t当月\t已办结\n2\t制定措施\t安全专干\t次月\t已办结\n"
            ),
        ),
        text(
            "检查台账（示例）.csv",
            format!(
                "\u{feff}日期,检查对象,发现问题,整改情况\n{year}-03-12,示例·单位一,2,已整改\n{year}-04-09,示例·单位二,1,已整改\n{year}-05-15,示例·单位三,3,整改中\n"
            ),
        ),
        photo(
            "现场照片（示例）1.png",
            [[120, 170, 220], [88, 140, 84], [196, 160, 96]],
        ),
        photo(
            "现场照片（示例）2.png",
            [[168, 196, 224], [156, 156, 150], [200, 84, 60]],
        ),
    ]
}

/// Which of [`all`] show a thing.
pub fn fitting(shows: Shows) -> &'static [usize] {
    match shows {
        Shows::Minutes => &[0],
        Shows::Document => &[1, 2],
        Shows::Photo => &[4, 5],
        Shows::Table => &[3],
    }
}

/// A page of lines as PDF 1.4. Chinese is set in STSong-Light, which every reader knows and none needs embedded.
fn pdf(lines: &[String]) -> Vec<u8> {
    let mut page = String::from("BT /F1 14 Tf 72 760 Td 24 TL\n");
    for line in lines {
        page.push('<');
        for unit in line.encode_utf16() {
            let _ = write!(page, "{unit:04X}");
        }
        page.push_str("> Tj T*\n");
    }
    page.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H \
         /DescendantFonts [6 0 R] >>"
            .to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R >>"
            .to_owned(),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] \
         /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            .to_owned(),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", at + 1);
    }
    let table = out.len();
    let _ = write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(out, "{place:010} 00000 n ");
    }
    let _ = write!(
        out,
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    out.into_bytes()
}

/// Sides of the picture, in pixels.
const WIDTH: u32 = 96;
const HEIGHT: u32 = 64;

/// A small PNG: sky, ground and a house between them.
fn picture([sky, ground, house]: [[u8; 3]; 3]) -> Vec<u8> {
    let mut rows = Vec::with_capacity((HEIGHT * (WIDTH * 3 + 1)) as usize);
    for y in 0..HEIGHT {
        rows.push(0);
        for x in 0..WIDTH {
            let walls = (30..66).contains(&x) && (28..48).contains(&y);
            let roof = (14..28).contains(&y) && x.abs_diff(48) <= (y - 12) * 3 / 2;
            rows.extend(if walls || roof {
                house
            } else if y >= 44 {
                ground
            } else {
                sky
            });
        }
    }
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    // 8 bits, RGB, the only compression, filter and order that matter here.
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"IDAT", &stored(&rows));
    chunk(&mut out, b"IEND", &[]);
    out
}

/// A zlib stream of stored blocks (RFC 1950, RFC 1951 3.2.4): longer than compressed ones, but the same for ever.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = data.chunks(0xffff).collect();
    for (at, block) in blocks.iter().enumerate() {
        let length = block.len() as u16;
        out.push(u8::from(at + 1 == blocks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(*block);
    }
    let (mut a, mut b) = (1u32, 0u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    out.extend(((b << 16) | a).to_be_bytes());
    out
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend(kind);
    out.extend(data);
    let mut crc = u32::MAX;
    for byte in &out[start..] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    out.extend((!crc).to_be_bytes());
}
