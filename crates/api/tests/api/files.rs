//! Files: uploaded, read back, linked, refused.

use serde_json::{Value, json};

use crate::client::{Client, text};
use crate::schema::Schema;
use crate::shop::Shop;

const PDF: &str = "%PDF-1.7\n4242 4242 4242 4242\n%%EOF";

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

/// A form of parts: each a head and a content.
fn form(parts: &[(&str, &str)]) -> String {
    let part = |(head, content): &(&str, &str)| {
        format!("--xYz\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    parts.iter().map(part).collect::<String>() + "--xYz--\r\n"
}

fn uploader(shop: &Shop) -> Client {
    shop.client.with("content-type", "multipart/form-data; boundary=xYz")
}

async fn upload(shop: &Shop, purpose: &str) -> Value {
    let parts = [("name=\"purpose\"", purpose), ("name=\"file\"; filename=\"r é.pdf\"", PDF)];
    uploader(shop).post("/v1/files", &form(&parts)).await.ok()
}

#[tokio::test]
async fn a_file_is_kept_and_read_back() {
    let shop = Shop::open();
    let file = upload(&shop, "dispute_evidence").await;
    valid("File", &file);
    assert_eq!((&file["type"], &file["purpose"]), (&json!("pdf"), &json!("dispute_evidence")));
    assert_eq!(file["filename"], "r é.pdf");
    assert_eq!(file["size"], PDF.len());
    let path = format!("/v1/files/{}", text(&file, "id"));
    assert_eq!(shop.client.get(&path).await.ok(), file);
    let content = shop.client.get(&format!("{path}/contents")).await;
    assert_eq!(content.bytes, PDF.as_bytes());
    assert_eq!(content.header("content-type"), Some("application/pdf"));
    let disposition = "attachment; filename=\"r _.pdf\"; filename*=UTF-8''r%20%C3%A9.pdf";
    assert_eq!(content.header("content-disposition"), Some(disposition));
    assert!(content.header("content-security-policy").unwrap().contains("sandbox"));
    let listed = shop.client.get("/v1/files?purpose=dispute_evidence").await.ok();
    assert_eq!(listed["data"], json!([file]));
    let none = shop.client.get("/v1/files?purpose=business_logo").await.ok();
    assert_eq!(none["data"], json!([]));
}

/// The boundaries of some clients are numbers of many digits.
#[tokio::test]
async fn a_boundary_may_look_like_a_card() {
    let shop = Shop::open();
    shop.client.get("/v1/files").await.ok();
    let parts = [("name=\"purpose\"", "dispute_evidence"), ("name=\"file\"", PDF)];
    let body = form(&parts).replace("xYz", "4242424242424242");
    let client = shop.client.with("content-type", "multipart/form-data; boundary=4242424242424242");
    client.post("/v1/files", &body).await.ok();
    let elsewhere = client.post("/v1/file_links", "").await;
    assert_eq!(elsewhere.error(), "400 card_number_refused -");
}

#[tokio::test]
async fn an_upload_is_made_once_under_its_key() {
    let shop = Shop::open();
    let client = uploader(&shop).with("idempotency-key", "k1");
    let parts = [("name=\"purpose\"", "dispute_evidence"), ("name=\"file\"", PDF)];
    let first = client.post("/v1/files", &form(&parts)).await.ok();
    assert_eq!(client.post("/v1/files", &form(&parts)).await.ok(), first);
    let other = [parts[0], ("name=\"file\"", "%PDF-2")];
    let refused = client.post("/v1/files", &form(&other)).await;
    assert_eq!(refused.status, 400, "{:#}", refused.json);
    assert_eq!(shop.client.get("/v1/files").await.ok()["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn bad_uploads_store_nothing() {
    let shop = Shop::open();
    let purpose = ("name=\"purpose\"", "dispute_evidence");
    let file = ("name=\"file\"", PDF);
    let large = format!("%PDF-{}", "x".repeat(5 * 1024 * 1024 - 4));
    let larger = format!("%PDF-{}", "x".repeat(8 * 1024 * 1024));
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[purpose], "400 parameter_missing file"),
        (&[file], "400 parameter_missing purpose"),
        (&[("name=\"purpose\"", "selfie"), file], "400 parameter_invalid_value purpose"),
        (
            &[("name=\"purpose\"", "finance_report_run"), file],
            "400 parameter_invalid_value purpose",
        ),
        (&[purpose, ("name=\"file\"", "<html>")], "400 parameter_invalid_value file"),
        (&[purpose, ("name=\"file\"", "")], "400 parameter_invalid_value file"),
        (&[purpose, file, file], "400 parameter_duplicate file"),
        (&[purpose, purpose, file], "400 parameter_duplicate purpose"),
        (&[purpose, file, ("name=\"owner\"", "me")], "400 parameter_unknown owner"),
        (&[purpose, ("name=\"file\"", &large)], "400 parameter_invalid_value file"),
        (&[purpose, ("name=\"file\"", &larger)], "413 request_too_large -"),
        (
            &[purpose, file, ("name=\"note\"", "4242 4242 4242 4242")],
            "400 card_number_refused note",
        ),
        (
            &[purpose, ("name=\"file\"; filename=\"4242424242424242.pdf\"", PDF)],
            "400 card_number_refused file",
        ),
    ];
    for (parts, expected) in table {
        let answer = uploader(&shop).post("/v1/files", &form(parts)).await;
        assert_eq!(answer.error(), *expected, "{:?}", parts.iter().map(|it| it.0));
    }
    let whole = form(&[purpose, file]);
    let cut = &whole[..whole.len() - 12];
    let cut = uploader(&shop).post("/v1/files", cut).await;
    assert_eq!(cut.error(), "400 content_type_invalid -");
    let plain = shop.client.post("/v1/files", "purpose=dispute_evidence&file=x").await;
    assert_eq!(plain.error(), "400 parameter_missing file");
    // Nowhere else is a form of parts read.
    let elsewhere = shop.client.with("content-type", "multipart/form-data; boundary=x");
    let elsewhere = elsewhere.post("/v1/accounts", "--x--").await;
    assert_eq!(elsewhere.error(), "400 content_type_invalid -");
    assert_eq!(shop.client.get("/v1/files").await.ok()["data"], json!([]));
}

#[tokio::test]
async fn a_link_opens_a_file_until_it_ends() {
    let shop = Shop::open();
    let file = upload(&shop, "dispute_evidence").await;
    let form = format!("file={}&metadata[a]=b", text(&file, "id"));
    let link = shop.client.post("/v1/file_links", &form).await.ok();
    valid("FileLink", &link);
    assert_eq!((&link["expired"], &link["expires_at"]), (&json!(false), &json!(null)));
    let address = text(&link, "url").strip_prefix("http://127.0.0.1:4001").unwrap().to_owned();
    let stranger = shop.client.with("authorization", "");
    let opened = stranger.get(&address).await;
    assert_eq!((opened.status, opened.bytes.as_slice()), (200, PDF.as_bytes()));
    assert_eq!(opened.header("x-content-type-options"), Some("nosniff"));

    let guessed = format!("{}x", &address[..address.len() - 1]);
    let shorter = &address[..address.len() - 1];
    for wrong in [guessed.as_str(), shorter, "/links/link_1_2", "/links/x", "/links/_"] {
        assert_eq!(stranger.get(wrong).await.error(), "404 resource_missing id", "{wrong}");
    }
    let path = format!("/v1/file_links/{}", text(&link, "id"));
    let expanded = shop.client.get(&format!("{path}?expand[]=file")).await.ok();
    assert_eq!(expanded["file"]["id"], file["id"]);
    let ended = shop.client.post(&path, "expires_at=now").await.ok();
    assert_eq!((&ended["expired"], &ended["url"]), (&json!(true), &json!(null)));
    assert_eq!(stranger.get(&address).await.error(), "410 link_expired -");
    let again = shop.client.post(&path, "expires_at=").await;
    assert_eq!(again.error(), "400 parameter_invalid_value expires_at");
    for (expired, found) in [("true", 1), ("false", 0)] {
        let list = format!("/v1/file_links?file={}&expired={expired}", text(&file, "id"));
        let list = shop.client.get(&list).await.ok();
        assert_eq!(list["data"].as_array().unwrap().len(), found, "{expired}");
    }
}

#[tokio::test]
async fn bad_links_are_refused() {
    let shop = Shop::open();
    let file = upload(&shop, "dispute_evidence").await;
    let id = text(&file, "id");
    let past = format!("file={id}&expires_at=1000");
    let nested = format!("file={id}&metadata[a][b]=1");
    let unknown = format!("file={id}&url=http://a");
    let table = [
        ("", "400 parameter_missing file"),
        ("file=file_1", "404 resource_missing file"),
        ("file=file_0000000000000000000000", "404 resource_missing file"),
        (&past, "400 parameter_invalid_value expires_at"),
        (&nested, "400 parameter_invalid_string metadata[a]"),
        (&unknown, "400 parameter_unknown url"),
    ];
    for (form, expected) in table {
        assert_eq!(shop.client.post("/v1/file_links", form).await.error(), expected, "{form}");
    }
    let list = shop.client.get("/v1/file_links?expired=maybe").await;
    assert_eq!(list.error(), "400 parameter_invalid_boolean expired");
    assert_eq!(shop.client.get("/v1/file_links").await.ok()["data"], json!([]));
    let other = shop.other_platform();
    assert_eq!(
        other.get(&format!("/v1/files/{id}/contents")).await.error(),
        "404 resource_missing id"
    );
}

#[tokio::test]
async fn evidence_may_be_a_file() {
    let shop = Shop::open();
    let (logo, evidence) =
        (upload(&shop, "business_logo").await, upload(&shop, "dispute_evidence").await);
    let paid = shop.pay("tok_createDispute", "").await;
    shop.notify(&format!("disputes/{}", text(&paid, "latest_charge"))).await.ok();
    let mut found = json!(null);
    while !found.is_object() {
        found = shop.client.get("/v1/disputes").await.ok()["data"][0].clone();
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let path = format!("/v1/disputes/{}", text(&found, "id"));
    let form = |file: &Value| format!("evidence[receipt]={}&submit=false", text(file, "id"));
    let refused = shop.client.post(&path, &form(&logo)).await;
    assert_eq!(refused.error(), "400 parameter_invalid_value evidence[receipt]");
    let kept = shop.client.post(&path, &form(&evidence)).await.ok();
    assert_eq!(kept["evidence"]["receipt"], evidence["id"]);
}
