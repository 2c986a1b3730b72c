//! A running desk: its listeners and its workers, from start to orderly stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use channels::mail::server::{Protocol, Rules, serve};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;
use crate::letterbox::DeskLetterbox;
use crate::{web, worker};

/// How long a stopping desk waits for what is under way.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a desk listens. Port 0 takes a free one.
#[derive(Debug, Clone)]
pub struct Listen {
    /// Screens.
    pub web: SocketAddr,
    /// Letters by LMTP.
    pub lmtp: Option<SocketAddr>,
    /// Letters by SMTP.
    pub smtp: Option<SocketAddr>,
    /// What the listeners call themselves.
    pub hostname: String,
}

/// A desk with its doors open.
pub struct Running {
    /// Where the screens are.
    pub web: SocketAddr,
    /// Where letters are taken by LMTP.
    pub lmtp: Option<SocketAddr>,
    /// Where letters are taken by SMTP.
    pub smtp: Option<SocketAddr>,
    desk: Desk,
    stop: CancellationToken,
    told_to_stop: [Signal; 2],
    tasks: tokio::task::JoinSet<anyhow::Result<()>>,
}

/// Binds every address first, so that a port that is taken is told before anything runs.
pub struct Bound {
    web: TcpListener,
    lmtp: Option<TcpListener>,
    smtp: Option<TcpListener>,
    hostname: String,
}

impl Bound {
    /// Takes the addresses.
    pub async fn bind(listen: &Listen) -> anyhow::Result<Self> {
        let open = async |name: &str, address: Option<SocketAddr>| match address {
            None => anyhow::Ok(None),
            Some(address) => {
                let bound = TcpListener::bind(address).await;
                Ok(Some(bound.with_context(|| format!("{name}: cannot listen on {address}"))?))
            }
        };
        let web = open("web", Some(listen.web)).await?.context("web: no address")?;
        Ok(Self {
            web,
            lmtp: open("lmtp", listen.lmtp).await?,
            smtp: open("smtp", listen.smtp).await?,
            hostname: listen.hostname.clone(),
        })
    }

    /// Where the screens will be.
    pub fn web_address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.web.local_addr()?)
    }

    /// Opens the doors and starts the workers.
    pub fn run(self, desk: Desk) -> anyhow::Result<Running> {
        // Heard from before the first letter is taken: whoever has been greeted sees an orderly stop.
        let told_to_stop = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
        let stop = desk.stopping.clone();
        let mut tasks = tokio::task::JoinSet::new();
        let web = self.web.local_addr()?;
        let mut take_letters = |protocol,
                                listener: Option<TcpListener>|
         -> anyhow::Result<Option<SocketAddr>> {
            let Some(listener) = listener else { return Ok(None) };
            let address = listener.local_addr()?;
            let rules = Rules::new(protocol, self.hostname.clone());
            let (letterbox, stop) = (Arc::new(DeskLetterbox { desk: desk.clone(), protocol }), stop.clone());
            tasks.spawn(async move { Ok(serve(listener, rules, letterbox, stop).await?) });
            Ok(Some(address))
        };
        let lmtp = take_letters(Protocol::Lmtp, self.lmtp)?;
        let smtp = take_letters(Protocol::Smtp, self.smtp)?;
        let router = web::router(desk.clone());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let stopped = stop.clone().cancelled_owned();
        let listener = self.web;
        tasks.spawn(async move { Ok(axum::serve(listener, service).with_graceful_shutdown(stopped).await?) });
        let (worker_desk, worker_stop) = (desk.clone(), stop.clone());
        tasks.spawn(async move {
            worker::run_all(worker_desk, worker_stop).await;
            Ok(())
        });
        Ok(Running { web, lmtp, smtp, desk, stop, told_to_stop, tasks })
    }
}

impl Running {
    /// Runs until the process is told to stop, then stops in order: what was accepted is kept, what is under way is finished.
    pub async fn until_stopped(mut self) -> anyhow::Result<()> {
        let [terminate, interrupt] = &mut self.told_to_stop;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = self.stop.cancelled() => {}
        }
        self.stop().await
    }

    /// Closes the doors and waits for what is under way, but not for ever: a client that has stalled has had no answer,
    /// so nothing is lost when it is cut off.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.stop.cancel();
        let mut result = Ok(());
        let patience = tokio::time::sleep(PATIENCE);
        tokio::pin!(patience);
        loop {
            let ended = tokio::select! {
                () = &mut patience => {
                    tracing::warn!("stopping without waiting any longer for clients that have stalled");
                    self.tasks.abort_all();
                    break;
                }
                ended = self.tasks.join_next() => ended,
            };
            let Some(ended) = ended else { break };
            if let Err(error) = ended.context("a part of the desk ended by itself").and_then(|ended| ended) {
                tracing::error!(%error, "while stopping");
                result = Err(error);
            }
        }
        if tokio::time::timeout(PATIENCE, self.desk.store.close()).await.is_err() {
            tracing::warn!("stopping although the store is still busy");
        }
        result
    }
}
