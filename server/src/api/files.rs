//! Attachments: uploaded once, streamed to disk, named by their hash; opened only by those who may see a fact that
//! names them.

use crate::app::App;
use crate::auth::Who;
use crate::files::{headers, sniff};
use crate::problem::{Json, Problem};
use anlan_core::authority::Command;
use anlan_core::duty::FileRef;
use anlan_core::id::OrgId;
use anlan_store::files;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use std::sync::Arc;

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|h| std::str::from_utf8(h).ok());
        if let Some(byte) = hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out)
        .chars()
        .filter(|c| !c.is_control() && *c != '/' && *c != '\\')
        .take(200)
        .collect()
}

/// Uploads an attachment: the body is the file, `X-Filename` its percent-encoded name.
#[utoipa::path(post, path = "/api/v1/attachments", request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 200, body = FileRef), (status = 413, body = Problem), (status = 415, body = Problem)))]
pub async fn upload_file(
    State(app): State<Arc<App>>,
    who: Who,
    request: Request,
) -> Result<Json<FileRef>, Problem> {
    // Whoever may hand in anything may upload; what nobody refers to is opened by its uploader alone.
    if ![
        Command::FileEvidence,
        Command::CompileNotice,
        Command::ReportHazard,
        Command::ReportAccident,
        Command::Comment,
    ]
    .iter()
    .any(|c| who.needs(*c, &app).is_ok())
    {
        return Err(Problem::forbidden());
    }
    let person = who.person.id.to_string();
    Ok(Json(
        receive(&app, request, Some(person), files::SIZE_MAX, |_| true).await?,
    ))
}

/// Takes in a file: streamed to disk, bounded, looked at, named by its hash.
///
/// # Errors
/// When it is too large, or not of a type that is taken.
pub async fn receive(
    app: &Arc<App>,
    request: Request,
    person: Option<String>,
    size_max: u64,
    taken: fn(&str) -> bool,
) -> Result<FileRef, Problem> {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let name = percent_decoded(&header("x-filename"));
    let name = if name.is_empty() {
        "附件".to_owned()
    } else {
        name
    };
    let claimed = header("content-type");
    let too_large = || {
        let max = size_max / 1_048_576;
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "attachment/too-large",
            &format!("附件超过 {max} MB"),
            &format!("Attachments have at most {max} MB"),
        )
        .advise("请压缩图片或拆分文件后再上传")
    };
    if header("content-length")
        .parse::<u64>()
        .is_ok_and(|size| size > size_max)
    {
        return Err(too_large());
    }
    let mut received = 0u64;
    let mut upload = Some(app.store.upload(&app.secret())?);
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|e| Problem::bad("上传中断，请重试", &e.to_string()))?;
        received += chunk.len() as u64;
        if received > size_max {
            return Err(too_large());
        }
        // Disk work is done where blocking is allowed.
        let mut going = upload
            .take()
            .ok_or_else(|| Problem::ours("an upload lost its file"))?;
        let (back, fits) = tokio::task::spawn_blocking(move || {
            let fits = going.push(&chunk);
            (going, fits)
        })
        .await
        .map_err(Problem::ours)?;
        if !fits? {
            return Err(too_large());
        }
        upload = Some(back);
    }
    let upload = upload.ok_or_else(|| Problem::ours("an upload lost its file"))?;
    let media_type = sniff(upload.head(), &name, &claimed)
        .filter(|t| taken(t))
        .ok_or_else(|| {
            Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "attachment/type",
                "不支持这种文件，或内容与文件名不符",
                "This type is not taken, or the content is not what the name says",
            )
            .advise("可上传图片、PDF、Word、Excel、文本、MP4 视频和录音")
        })?;
    let store = app.store.clone();
    let (sha256, size) = tokio::task::spawn_blocking(move || store.keep(upload))
        .await
        .map_err(Problem::ours)??;
    let file = FileRef {
        sha256,
        name,
        size,
        media_type: media_type.to_owned(),
    };
    let kept = file.clone();
    app.write(move |w| Ok(files::put(w.tx.db, &kept, person.as_deref(), w.now)?))
        .await?;
    Ok(file)
}

/// Opens an attachment.
#[utoipa::path(get, path = "/api/v1/attachments/{sha256}", params(("sha256" = String, Path)), responses((status = 200, content_type = "application/octet-stream"), (status = 404, body = Problem)))]
pub async fn get_file(
    State(app): State<Arc<App>>,
    who: Who,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    let path = app.store.file(&sha256).ok_or_else(Problem::missing)?;
    let key = sha256.clone();
    let (known, uses) = app
        .read(move |db| Ok((files::get(db, &key)?, files::uses(db, &key)?)))
        .await?;
    // Who may see a loop may open what it names, whatever part he has in it.
    let loops: Vec<String> = uses
        .iter()
        .filter_map(|(stream, _)| stream.strip_prefix("loop/").map(str::to_owned))
        .collect();
    let reader = who.actor.clone();
    let at = app.world();
    let in_loop = app
        .read(move |db| {
            for id in &loops {
                if anlan_store::loops::get(db, id)?.is_some_and(|it| it.may_read(&reader, &at.tree))
                {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await?;
    let (file, uploader) = known.ok_or_else(Problem::missing)?;
    let world = app.world();
    let seen = |(stream, org): &(String, Option<String>)| match stream.split_once('/') {
        Some(("loop", _)) => in_loop,
        Some(("notice", _)) => who.actor.may_somewhere(Command::ReadNotices, &world.tree),
        Some(("duty", _)) => org
            .as_deref()
            .and_then(|org| OrgId::try_from(org).ok())
            .is_some_and(|org| who.actor.may(Command::ReadDuties, &org, &world.tree)),
        _ => who.actor.may_somewhere(Command::PrintPapers, &world.tree),
    };
    if !uses.iter().any(seen) && uploader.as_deref() != Some(who.person.id.as_str()) {
        return Err(Problem::missing());
    }
    let opened = tokio::fs::File::open(path).await.map_err(Problem::ours)?;
    let size = opened.metadata().await.map_err(Problem::ours)?.len();
    let mut headers = headers(&file.name, &file.media_type);
    headers.insert(header::CONTENT_LENGTH, size.into());
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("private, max-age=31536000, immutable"),
    );
    let body = Body::from_stream(chunks(opened));
    Ok((headers, body).into_response())
}

/// A file as a stream of chunks of 64 kB.
fn chunks(file: tokio::fs::File) -> impl futures_util::Stream<Item = std::io::Result<Vec<u8>>> {
    use tokio::io::AsyncReadExt as _;
    futures_util::stream::try_unfold(file, |mut file| async move {
        let mut chunk = vec![0u8; 65_536];
        let read = file.read(&mut chunk).await?;
        chunk.truncate(read);
        Ok((read > 0).then_some((chunk, file)))
    })
}

#[cfg(test)]
mod tests {
    use super::percent_decoded;

    #[test]
    fn names_are_decoded_and_stay_in_their_folder() {
        assert_eq!(percent_decoded("%E4%BC%9A%E8%AE%AE.pdf"), "会议.pdf");
        assert_eq!(percent_decoded("..%2F..%2Fetc%00%zz%"), "....etc%zz%");
    }
}
