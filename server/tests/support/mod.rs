//! A house for one test, and people who live in it.

use anlan_core::authority::{Position, Role};
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::{OrgId, PersonId};
use anlan_core::org::{Org, OrgKind};
use anlan_core::person::Person;
use anlan_core::rulebook::Rulebook;
use anlan_server::app::App;
use anlan_server::auth;
use anlan_server::clock::Still;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt as _;

pub const PASSWORD: &str = "correct-horse-7";

/// A small notice with one of everything that matters here.
pub const NOTICE: &str = "# 关于做好2026年安全生产重点工作的通知\n\n各镇（街道），区直各单位：\n\n为做好今年工作，现通知如下。\n\n## 一、压实责任\n\n（一）加强组织领导。各镇（街道）每半年至少召开1次安全生产专题会议，研究解决突出问题。（各镇（街道）负责）\n\n（二）开展排查整治。各镇（街道）3月底前完成重大隐患排查，建立台账。严禁瞒报迟报事故。（区应急局牵头，各镇（街道）配合）\n\n（三）强化避难保障。年底前每个村（社区）至少建立1处应急避难场所。（区应急局、各镇（街道）负责）\n\n区安全生产委员会办公室\n\n2026年1月10日\n";

pub struct House {
    pub app: Arc<App>,
    pub clock: Arc<Still>,
    _folder: tempfile::TempDir,
}

fn org(id: &str, kind: OrgKind, name: &str, short: &str, parent: Option<&str>) -> Org {
    Org {
        id: OrgId::try_from(id).unwrap(),
        kind,
        name: name.into(),
        short: short.into(),
        en: String::new(),
        aliases: vec![],
        parent: parent.map(|p| OrgId::try_from(p).unwrap()),
        code: None,
        sectors: vec![],
        place: None,
        sample: true,
        closed: false,
    }
}

type Answer = (StatusCode, Option<String>, Vec<u8>);

async fn raw(
    app: &Arc<App>,
    method: &str,
    path: &str,
    headers: &[(&str, String)],
    body: Vec<u8>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response = anlan_server::router(app.clone())
        .oneshot(request.body(Body::from(body)).unwrap())
        .await
        .unwrap();
    let status = response.status();
    let cookie = response
        .headers()
        .get("set-cookie")
        .map(|c| c.to_str().unwrap().split(';').next().unwrap().to_owned());
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    (status, cookie, bytes.to_vec())
}

fn read((status, _, bytes): Answer) -> (StatusCode, Value) {
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    )
}

impl House {
    /// A house without anybody in it.
    pub async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = anlan_store::Place {
            folder: folder.path().to_owned(),
            database: None,
        };
        let store = anlan_store::Store::open(place, "test.anlan/ledger", [7; 32]).unwrap();
        let clock = Still::at("2026-02-02T02:00:00Z".parse().unwrap());
        let app = App::new(store, clock.clone(), Rulebook::built_in().unwrap(), false).unwrap();
        Self {
            app,
            clock,
            _folder: folder,
        }
    }

    /// A small district.
    pub async fn new() -> Self {
        let house = Self::empty().await;
        let orgs = [
            org("district", OrgKind::District, "示范区", "区政府", None),
            org(
                "committee",
                OrgKind::Committee,
                "示范区安全生产委员会办公室",
                "区安委办",
                Some("district"),
            ),
            org(
                "yingji",
                OrgKind::Department,
                "示范区应急管理局",
                "区应急局",
                Some("district"),
            ),
            org("town-a", OrgKind::Town, "甲镇", "甲镇", Some("district")),
            org(
                "town-b",
                OrgKind::Town,
                "乙街道",
                "乙街道",
                Some("district"),
            ),
            org(
                "cun-a1",
                OrgKind::Village,
                "甲一村",
                "甲一村",
                Some("town-a"),
            ),
            org(
                "cun-b1",
                OrgKind::Village,
                "乙一社区",
                "乙一社区",
                Some("town-b"),
            ),
        ];
        house
            .app
            .write(move |w| {
                for org in orgs {
                    let (name, id, at) = (stream::org(&org.id), org.id.clone(), w.now);
                    w.append(
                        &Entry::new(name, Event::OrgAdded(org), None, Some(id), at),
                        None,
                    )?;
                }
                Ok(())
            })
            .await
            .unwrap();
        house
    }

    pub fn today(&self) -> String {
        anlan_core::calendar::date_of(self.app.now()).to_string()
    }

    /// Adds a person and signs them in.
    pub async fn person(&self, login: &str, role: &str, org: &str) -> Client {
        let id = PersonId::try_from(format!("person_{login}")).unwrap();
        let org = OrgId::try_from(org).unwrap();
        let person = Person {
            id: id.clone(),
            login: login.into(),
            name: login.into(),
            positions: vec![Position {
                org: org.clone(),
                role: Role::from_code(role).unwrap(),
            }],
            disabled: false,
            sample: true,
        };
        let hash = auth::hash_password(PASSWORD, 1).unwrap();
        self.app
            .write(move |w| {
                let at = w.now;
                w.append(
                    &Entry::new(
                        stream::person(&id),
                        Event::PersonAdded(person),
                        None,
                        Some(org.clone()),
                        at,
                    ),
                    None,
                )?;
                auth::set_password(w, &id, hash, false, None, Some(&org), None)
            })
            .await
            .unwrap();
        self.sign_in(login, PASSWORD).await
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Client {
        sign_in(&self.app, login, password).await
    }

    pub async fn ask(&self, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
        self.ask_with(method, path, &[], body).await
    }

    pub async fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: Value,
    ) -> (StatusCode, Value) {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/json".into()));
        let body = if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        read(raw(&self.app, method, path, &headers, body).await)
    }

    pub async fn text(&self, path: &str) -> (StatusCode, String) {
        let (status, bytes) = self.bytes(path).await;
        (status, String::from_utf8(bytes).unwrap())
    }

    pub async fn bytes(&self, path: &str) -> (StatusCode, Vec<u8>) {
        let (status, _, bytes) = raw(&self.app, "GET", path, &[], Vec::new()).await;
        (status, bytes)
    }

    /// What must hold at the end of every story: the ledger verifies, and a rebuild gives the same bytes.
    pub async fn check(&self) {
        let app = self.app.clone();
        tokio::task::spawn_blocking(move || {
            app.store.seal_now(app.now()).unwrap();
            let verdict = app
                .store
                .read(|db| anlan_store::log::verify(db, app.store.key().vkey()))
                .unwrap();
            assert!(verdict.ok, "{verdict:?}");
            let before = app.store.digest().unwrap();
            app.store.rebuild().unwrap();
            assert_eq!(
                app.store.digest().unwrap(),
                before,
                "a rebuild gives other bytes"
            );
        })
        .await
        .unwrap();
    }
}

async fn sign_in(app: &Arc<App>, login: &str, password: &str) -> Client {
    let body = json!({"login": login, "password": password})
        .to_string()
        .into_bytes();
    let (status, cookie, bytes) = raw(
        app,
        "POST",
        "/api/v1/session",
        &[("content-type", "application/json".into())],
        body,
    )
    .await;
    assert_eq!(
        status,
        StatusCode::OK,
        "{}",
        String::from_utf8_lossy(&bytes)
    );
    Client {
        app: app.clone(),
        cookie: cookie.expect("a cookie"),
        login: login.into(),
        password: password.into(),
    }
}

/// Somebody who is signed in.
pub struct Client {
    app: Arc<App>,
    pub cookie: String,
    login: String,
    password: String,
}

impl Client {
    /// Signs in again: the clock was moved, the session has ended.
    pub async fn again(&self) -> Client {
        sign_in(&self.app, &self.login, &self.password).await
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        vec![
            ("cookie", self.cookie.clone()),
            ("x-anlan", "1".into()),
            ("content-type", "application/json".into()),
        ]
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        let body = if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        raw(&self.app, method, path, &self.headers(), body).await
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.send("GET", path, Value::Null).await)
    }

    pub async fn get_bytes(&self, path: &str) -> (StatusCode, Vec<u8>) {
        let (status, _, bytes) = self.send("GET", path, Value::Null).await;
        (status, bytes)
    }

    pub async fn ok(&self, path: &str) -> Value {
        let (status, value) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {value}");
        value
    }

    pub async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        read(self.send("POST", path, body).await)
    }

    pub async fn post_bytes(&self, path: &str, body: Value) -> Vec<u8> {
        let (status, _, bytes) = self.send("POST", path, body).await;
        assert_eq!(
            status,
            StatusCode::OK,
            "{path}: {}",
            String::from_utf8_lossy(&bytes)
        );
        bytes
    }

    pub async fn post_with(&self, key: &str, path: &str, body: Value) -> (StatusCode, Value) {
        let mut headers = self.headers();
        headers.push(("idempotency-key", key.into()));
        read(
            raw(
                &self.app,
                "POST",
                path,
                &headers,
                body.to_string().into_bytes(),
            )
            .await,
        )
    }

    pub async fn put(&self, path: &str, body: Value) -> (StatusCode, Value) {
        read(self.send("PUT", path, body).await)
    }

    pub async fn try_command(&self, link: &str, command: Value) -> (StatusCode, Value) {
        let version = self.ok(link).await["version"].clone();
        self.post(
            &format!("{link}/commands"),
            json!({"expected_version": version, "command": command}),
        )
        .await
    }

    pub async fn command(&self, link: &str, command: Value) -> Value {
        let (status, value) = self.try_command(link, command).await;
        assert_eq!(status, StatusCode::OK, "{value}");
        value
    }

    async fn form(&self, path: &str, name: &str, bytes: &[u8]) -> (StatusCode, Value) {
        let mut body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        )
        .into_bytes();
        body.extend(bytes);
        body.extend(b"\r\n--edge--\r\n");
        let headers = [
            ("cookie", self.cookie.clone()),
            ("x-anlan", "1".into()),
            ("content-type", "multipart/form-data; boundary=edge".into()),
        ];
        read(raw(&self.app, "POST", path, &headers, body).await)
    }

    pub async fn try_upload(&self, name: &str, bytes: &[u8]) -> (StatusCode, Value) {
        self.form("/api/v1/notices", name, bytes).await
    }

    pub async fn upload(&self, name: &str, text: &str) -> Value {
        let (status, value) = self.try_upload(name, text.as_bytes()).await;
        assert_eq!(status, StatusCode::OK, "{value}");
        value
    }

    pub async fn import(
        &self,
        kind: &str,
        partial: bool,
        name: &str,
        bytes: &[u8],
    ) -> (StatusCode, Value) {
        self.form(
            &format!("/api/v1/things/import?kind={kind}&partial={partial}"),
            name,
            bytes,
        )
        .await
    }

    pub async fn try_attach(&self, name: &str, bytes: &[u8]) -> (StatusCode, Value) {
        let encoded: String = name.bytes().map(|b| format!("%{b:02X}")).collect();
        let headers = [
            ("cookie", self.cookie.clone()),
            ("x-anlan", "1".into()),
            ("content-type", "application/octet-stream".into()),
            ("x-filename", encoded),
        ];
        read(
            raw(
                &self.app,
                "POST",
                "/api/v1/attachments",
                &headers,
                bytes.to_vec(),
            )
            .await,
        )
    }

    pub async fn attach(&self, name: &str, bytes: &[u8]) -> Value {
        let (status, value) = self.try_attach(name, bytes).await;
        assert_eq!(status, StatusCode::OK, "{value}");
        value
    }
}

/// An open live line.
pub struct Line(axum::body::BodyDataStream);

impl Line {
    /// What comes next.
    pub async fn next(&mut self) -> String {
        let chunk = tokio::time::timeout(std::time::Duration::from_secs(20), self.0.next()).await;
        String::from_utf8(
            chunk
                .expect("something comes")
                .expect("the line is open")
                .unwrap()
                .to_vec(),
        )
        .unwrap()
    }

    /// Nothing comes for a while.
    pub async fn silent(&mut self) -> bool {
        tokio::time::timeout(std::time::Duration::from_millis(800), self.0.next())
            .await
            .is_err()
    }
}

impl Client {
    /// Opens a live line.
    pub async fn listen(&self, path: &str) -> Line {
        let request = Request::builder()
            .uri(path)
            .header("cookie", &self.cookie)
            .body(Body::empty())
            .unwrap();
        let response = anlan_server::router(self.app.clone())
            .oneshot(request)
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Line(response.into_body().into_data_stream())
    }
}
