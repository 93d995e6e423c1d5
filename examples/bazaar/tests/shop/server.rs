//! Slow, silent and many connections; closing.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{SECRET_KEY, Shop};

#[tokio::test]
async fn it_says_that_it_lives() {
    let shop = Shop::open().await;
    let answer = shop.browser().get("/livez").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "ok\n"));
}

#[tokio::test]
async fn slow_and_silent_connections_are_closed() {
    let shop = Shop::open().await;
    let address = shop.origin.strip_prefix("http://").unwrap();
    let started = Instant::now();
    let mut waiting = Vec::new();
    for sent in ["", "GET /livez HT", "GET /livez HTTP/1.1\r\nhost: shop\r\n"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        waiting.push(tokio::spawn(async move { stream.read_to_end(&mut Vec::new()).await }));
    }
    // An answered connection that then says nothing is closed as well.
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /livez HTTP/1.1\r\nhost: shop\r\n\r\n").await.unwrap();
    waiting.push(tokio::spawn(async move { stream.read_to_end(&mut Vec::new()).await }));
    for closed in waiting {
        let closed = tokio::time::timeout(Duration::from_secs(9), closed).await;
        assert!(closed.is_ok(), "still open after {:?}", started.elapsed());
    }
}

#[tokio::test]
async fn it_closes_when_told_to() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let config = bazaar::ShopConfig {
        origin: format!("http://{address}"),
        api_url: "http://127.0.0.1:1".to_owned(),
        secret_key: SECRET_KEY.to_owned(),
        webhook_secret: String::new(),
        sandbox_origin: String::new(),
        console_origin: String::new(),
    };
    let (close, closed) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(bazaar::serve(listener, config.clone(), async {
        let _ = closed.await;
    }));
    // An idle connection must not hold the shop open.
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /livez HTTP/1.1\r\nhost: shop\r\n\r\n").await.unwrap();
    assert!(idle.read(&mut [0; 512]).await.unwrap() > 0);
    drop(close);
    let ended = tokio::time::timeout(Duration::from_secs(4), serving).await;
    ended.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());

    let broken = bazaar::ShopConfig { api_url: "api".to_owned(), ..config };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let refused = bazaar::serve(listener, broken, std::future::pending()).await.unwrap_err();
    assert_eq!(refused.to_string(), "api_url: must begin with http:// or https://");
}
