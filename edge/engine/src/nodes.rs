//! The nodes of a cluster and who asks them: what of the engine's settings is ours to choose.

use crate::{codec, policy::Known};
use ballista_core::{
    error::{BallistaError, Result},
    extension::{SessionConfigExt, SessionStateExt},
};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::{cluster::BallistaCluster, config::SchedulerConfig, scheduler_process::start_server};
use datafusion::{
    execution::session_state::SessionStateBuilder,
    prelude::{SessionConfig, SessionContext},
};
use std::{path::Path, sync::Arc};

/// How often executors say that they are there, in seconds.
const HEARTBEAT: u64 = 2;

/// Where a scheduler listens.
#[derive(Clone, Debug)]
pub struct SchedulerPlace {
    /// The address it listens on.
    pub bind: String,
    /// Its port.
    pub port: u16,
    /// What others call it.
    pub host: String,
    /// After how many seconds of silence an executor is given up and its work done anew.
    pub patience: u64,
}

/// Where an executor listens and whom it works for.
#[derive(Clone, Debug)]
pub struct ExecutorPlace<'p> {
    /// The scheduler and its port.
    pub scheduler: (String, u16),
    /// The address it listens on.
    pub bind: String,
    /// Its ports: one to hand out results, one to be told what to do.
    pub ports: (u16, u16),
    /// What others call it.
    pub host: String,
    /// How many pieces it works on at once.
    pub cores: usize,
    /// Where it keeps results until they are fetched.
    pub work: &'p Path,
}

/// Runs a scheduler until it is told to end.
///
/// # Errors
/// The port is taken, or the engine gives up.
pub async fn schedule(place: SchedulerPlace, known: &'static Known) -> Result<()> {
    let address = format!("{}:{}", place.bind, place.port);
    let address = address.parse().map_err(|fault| BallistaError::Configuration(format!("{address}: {fault}")))?;
    let config = SchedulerConfig {
        bind_host: place.bind,
        bind_port: place.port,
        external_host: place.host,
        executor_timeout_seconds: place.patience,
        // All at once are seldom lost; they are slow, or start anew.
        no_executors_grace_period_seconds: place.patience.saturating_mul(3),
        expire_dead_executor_interval_seconds: 1,
        // Pages of other sites must not ask a scheduler through somebody's browser; by default two may.
        cors_allowed_origins: "https://nobody.invalid".to_owned(),
        override_logical_codec: Some(codec::logical(known)),
        override_physical_codec: Some(codec::physical(known)),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    start_server(cluster, address, Arc::new(config)).await
}

/// Runs an executor until it is told to end.
///
/// # Errors
/// There is no scheduler, a port is taken, or the engine gives up.
pub async fn execute(place: ExecutorPlace<'_>, known: &'static Known) -> Result<()> {
    let config = ExecutorProcessConfig {
        bind_host: place.bind,
        external_host: Some(place.host),
        port: place.ports.0,
        grpc_port: place.ports.1,
        scheduler_host: place.scheduler.0,
        scheduler_port: place.scheduler.1,
        scheduler_connect_timeout_seconds: 60,
        vcores: place.cores,
        work_dir: Some(place.work.display().to_string()),
        executor_heartbeat_interval_seconds: HEARTBEAT,
        override_logical_codec: Some(codec::logical(known)),
        override_physical_codec: Some(codec::physical(known)),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await
}

/// Settings of a question: in so many pieces, texts as other programs have them.
fn settings(config: SessionConfig, pieces: usize) -> SessionConfig {
    config.with_target_partitions(pieces).set_bool("datafusion.execution.parquet.schema_force_view_types", false)
}

/// The engine in this process alone.
pub fn alone(pieces: usize) -> SessionContext {
    SessionContext::new_with_config(settings(SessionConfig::new(), pieces))
}

/// The engine of a scheduler and its executors.
///
/// # Errors
/// The engine refuses its settings.
pub fn remote(
    scheduler: &(String, u16),
    pieces: usize,
    known: &'static Known,
) -> datafusion::error::Result<SessionContext> {
    let config = settings(SessionConfig::new_with_ballista(), pieces)
        .with_ballista_job_name("kaoping")
        .with_ballista_logical_extension_codec(codec::logical(known))
        .with_ballista_physical_extension_codec(codec::physical(known));
    let state = SessionStateBuilder::new().with_default_features().with_config(config).build();
    let (host, port) = scheduler;
    Ok(SessionContext::new_with_state(state.upgrade_for_ballista(format!("http://{host}:{port}"))?))
}
